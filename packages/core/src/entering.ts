import { type Member, noFlags, type Profile, RefusedError, type RoomId, type UserId } from "@switchyard/protocol";
import type { Entered, MemberSeat } from "@switchyard/store";
import { announceChange, announceRoster } from "./announcing.ts";
import type { Context, NamedRooms } from "./context.ts";
import { leaveRoom } from "./leaving.ts";
import type { Participant } from "./participant.ts";
import { giveWay, standFor } from "./takeover.ts";

/** Who wants to be in which room. */
export interface Entry {
  readonly room: RoomId;
  readonly user: UserId;
  readonly profile: Profile;
  /** Content of the opening event (JSON), where that is what it enters by. */
  readonly opening?: string;
  /** Whether only a room that somebody is in will do. */
  readonly existing?: boolean;
}

/**
 * Lets a participant into a match, call or meeting, and tells it who is there. Who is in it already is told again, and nobody else hears
 * anything. The intent is noted in the session first, and the others are told last: whoever finds it half done finishes it.
 * @returns whether it came in just now, and was alone there
 * @throws RefusedError `match_full` or `room_full`; `call_not_found` with `existing`
 */
export async function enter(context: Context, participant: Participant, entry: Entry): Promise<{ opened: boolean }> {
  const rules = rulesOf(context);
  await leaveWhatDiffers(context, participant, entry);
  const { session } = participant;
  const aim = await context.store.sessions.aim(session, participant.epoch, entry.room);
  if (aim !== "aimed" && aim !== "seated") throw new RefusedError("server_error");
  const content = { user: entry.user, profile: entry.profile, flags: noFlags, joined: context.store.clock.now() };
  const { memberships } = context.store;
  const entered = await memberships.enter(entry.room, session, content, rules, entry.existing === true);
  if (typeof entered === "string") {
    await context.wire.unseat(session, entry.room, undefined);
    throw new RefusedError(entered === "full" ? rules.fullCode : "call_not_found");
  }
  await context.store.presence.roomOpened(context.dialect, entry.room);
  if (participant.user !== entry.user) await standFor(context, participant, entry.user);
  await sit(context, participant, entry, entered, rules);
  if (entered.outcome !== "again" || aim === "aimed") await announceEntry(context, participant, entry.room, entered);
  await giveWay(context, session, entry.user);
  return { opened: entered.opened };
}

/** Tells the others in a room that somebody came. Repeatable. */
export async function announceEntry(
  context: Context,
  { session }: { readonly session: Participant["session"] },
  room: RoomId,
  { revision, roster }: Pick<Entered, "revision" | "roster">,
): Promise<void> {
  const member = roster.members.find((one) => one.session === session);
  if (member) {
    await announceChange(context, room, { about: session, revision }, roster, (members) => ({
      type: "entered",
      room,
      member,
      members,
    }));
    await announceRoster(context, room, roster);
  }
  await context.store.sessions.announced(session, room);
}

function rulesOf({ rooms, dialect }: Context): NamedRooms {
  if (!rooms) throw new TypeError(`${dialect} has no rooms that clients name`);
  return rooms;
}

/** As another person, or with another opening event, it comes in anew. */
async function leaveWhatDiffers(context: Context, participant: Participant, entry: Entry): Promise<void> {
  const isAnother = participant.user !== undefined && participant.user !== entry.user;
  const isAnew = entry.opening !== undefined && participant.opening !== entry.opening;
  for (const room of participant.rooms) {
    if (isAnother || (isAnew && room === entry.room)) await leaveRoom(context, participant.session, room);
  }
}

/** The seat and what it is told of the room are one step; then the rooms that it has given up for it are left. */
async function sit(
  context: Context,
  participant: Participant,
  { room, user, profile, opening }: Entry,
  { revision, roster, lines, opened }: Entered,
  { oneAtATime }: NamedRooms,
): Promise<void> {
  const { session, epoch } = participant;
  const { members } = roster;
  const self = members.find((member) => member.session === session) as Member;
  const seat: MemberSeat = { kind: "member", user, profile };
  const toLeave = await context.wire.admit(
    session,
    room,
    { seat, epoch, opening, revision, oneAtATime },
    { type: "welcomed", room, self, members, messages: lines, opened },
  );
  if (!toLeave) {
    await leaveRoom(context, session, room);
    throw new RefusedError("server_error");
  }
  participant.apply({ in: room, seat });
  if (opening !== undefined) participant.opening = opening;
  for (const other of toLeave) await leaveRoom(context, session, other);
}
