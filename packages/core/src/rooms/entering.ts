import { noFlags, RequestError, type RoomId, type SessionId } from "@switchyard/protocol";
import type { Roster, UserClaim } from "@switchyard/store";
import type { Context, NamedRooms } from "../context.ts";
import { claimUser, overtakenError, releaseFormerUser } from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { announceChange, announceRoster } from "./announcing.ts";
import { leaveRoom } from "./leaving.ts";
import { type EntryRequest, enterAndSeat } from "./seating.ts";

/** Of who is in the room already nothing is to change: unless a newer session of its user is there by now, it needs no claim. */
const unclaimed: UserClaim = { number: 0, lapses: false, replaced: [] };

/**
 * Lets a participant into a match, call or meeting, and sends it the list of members. A participant that is in it already receives the list
 * again, and the others nothing. The intent is noted in the session first, and the others are notified last: a process that finds it half
 * done finishes it.
 * @returns whether it came in just now, and was alone there
 * @throws RequestError `match_full` or `room_full`; `call_not_found` with `existing`; `replaced` by a newer session of the same user
 */
export async function enter(
  context: Context,
  participant: Participant,
  entry: EntryRequest,
): Promise<{ opened: boolean }> {
  const { store } = context;
  const { session } = participant;
  const { room, user, profile } = entry;
  const rules = rulesOf(context);
  await checkEntry(context, session, entry, rules);
  await leaveOutdatedSeat(context, participant, entry);
  const { attempt, isSeated, note } = await beginEntry(context, participant, room);
  const former = participant.user === user ? undefined : participant.user;
  const claim = isSeated ? unclaimed : await claimUser(context, participant, user);
  const content = { user, profile, flags: noFlags, joined: store.clock.now() };
  const entrant = { session, attempt, claim: claim.number, content, lease: participant.sender.lease };
  const seated = await enterAndSeat(context, participant, entry, entrant, isSeated, claim.replaced, rules);
  if (typeof seated === "string") {
    if (isSeated) await leaveRoom(context, participant, room);
    else await store.sessions.forgetRoom(session, room, attempt);
    if (seated === "full") throw new RequestError(rules.fullCode);
    if (seated === "missing") throw new RequestError("call_not_found");
    throw await overtakenError(context, session, user);
  }
  for (const other of seated.toLeave) await leaveRoom(context, { session }, other);
  if (former !== undefined) await releaseFormerUser(context, participant, former, user);
  if (!isSeated || note !== undefined || seated.outcome !== "again") {
    await announceEntry(context, session, room, seated.roster, note ?? attempt);
  }
  return { opened: seated.opened };
}

/**
 * Tells the others in a room that somebody came, and everyone who is there. Repeatable.
 * @param note to be settled then
 */
export async function announceEntry(
  context: Context,
  session: SessionId,
  room: RoomId,
  roster: Roster,
  note: number,
): Promise<void> {
  const member = roster.members.find((one) => one.session === session);
  if (member) {
    const { revision } = member;
    const change = { member, revision, since: revision };
    await announceChange(context, room, change, roster, (members) => ({ type: "entered", room, member, members }));
    await announceRoster(context, room, roster);
  }
  await context.store.sessions.clearChange(session, room, note);
}

function rulesOf({ roomRules, dialect }: Context): NamedRooms {
  if (!roomRules) throw new TypeError(`${dialect} has no rooms that clients name`);
  return roomRules;
}

/** Looks before anything changes: a session that is refused stays where it is, and so do other sessions of its user. */
async function checkEntry(
  { store }: Context,
  session: SessionId,
  { room, user, existing }: EntryRequest,
  { capacity, fullCode }: NamedRooms,
): Promise<void> {
  const members = (await store.memberships.roster(room))?.members ?? [];
  if (members.some((member) => member.session === session || member.user === user)) return;
  if (members.length >= capacity) throw new RequestError(fullCode);
  if (existing && members.length === 0) throw new RequestError("call_not_found");
}

/** In the same room as another person, or with another opening event, it comes in anew. */
async function leaveOutdatedSeat(context: Context, participant: Participant, entry: EntryRequest): Promise<void> {
  const seat = participant.memberIn(entry.room);
  if (!seat) return;
  const isAnew = entry.opening !== undefined && participant.opening !== entry.opening;
  if (isAnew || seat.user !== entry.user) await leaveRoom(context, participant, entry.room);
}

/** Notes the intent; a room that it is still to leave is left first. */
async function beginEntry(context: Context, participant: Participant, room: RoomId) {
  const { sessions } = context.store;
  const { session, epoch } = participant;
  for (;;) {
    const attempt = await sessions.beginEntry(session, epoch, room);
    if (typeof attempt === "object") return attempt;
    if (attempt !== "leaving") throw new RequestError("server_error");
    await leaveRoom(context, { session }, room);
  }
}
