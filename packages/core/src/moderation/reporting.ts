import { createHash } from "node:crypto";
import {
  type ChatMessage,
  type Profile,
  type ReportCategory,
  RequestError,
  type RoomId,
  type SessionId,
  type UserId,
} from "@switchyard/protocol";
import type { PairSeat, ReportContent } from "@switchyard/store";
import { CHATROOM, recentMessages } from "../chatroom/chatroom.ts";
import type { Context } from "../context.ts";
import { block } from "../pairing/pair-actions.ts";
import type { Participant } from "../participant.ts";

/** How many of the room's last messages belong to a report. */
const EVIDENCE_MESSAGES = 20;
/** Their size, as JSON. */
const EVIDENCE_BYTES = 16_384;
/** Bytes of JSON that one UTF-16 unit of a text takes at most. */
const UNIT_BYTES = 6;
const ID_LENGTH = 24;

/** The category and the words of a report. */
export interface ReportGrounds {
  readonly category: ReportCategory;
  readonly words: string | undefined;
}

/** A member of a room that clients name, as the reporter names it. */
export interface ReportedMember {
  readonly room: RoomId;
  readonly peer: { readonly user: UserId } | { readonly session: SessionId };
  /** The name that a member gave, by its profile. */
  readonly nameOf: (profile: Profile) => string;
}

type Reported = ReportContent["reported"];

/**
 * Reports the partner of the pair, or of the one that ended last, and blocks it; a pair that goes on ends. A repetition, after an
 * answer that was lost, keeps nothing twice.
 * @param named the room; `undefined`: the pair that it is in, or that it was in last
 * @returns the report's id
 * @throws RequestError `not_joined`; `room_not_found` if it isn't in that room, or too long ago; `rate_limited`, and then the room goes on
 */
export async function reportPartner(
  context: Context,
  participant: Participant,
  named: RoomId | undefined,
  grounds: ReportGrounds,
): Promise<string> {
  const user = participant.requireUser();
  const { store, dialect } = context;
  const { room, seat, isOver } = await pairToReport(context, participant, named);
  const { partner, peer, network } = seat;
  const messages = await store.rooms.recentMessages(room, EVIDENCE_MESSAGES);
  const id = await file(context, participant, room, { user: partner, session: peer, network }, grounds, messages);
  if (isOver) await store.users.block(dialect, user, partner);
  else await block(context, participant, room);
  return id;
}

/** @throws RequestError `room_not_found` */
async function pairToReport(
  { store, reportRules }: Context,
  participant: Participant,
  named: RoomId | undefined,
): Promise<{ readonly room: RoomId; readonly seat: PairSeat; readonly isOver: boolean }> {
  const [current] = participant.rooms;
  if (current !== undefined && (named ?? current) === current)
    return { room: current, seat: participant.pairIn(current), isOver: false };
  const last = (await store.sessions.read(participant.session))?.lastPair;
  const isRecent = last !== undefined && store.clock.now() < last.endedAt + (reportRules?.afterMs ?? 0);
  if (!isRecent || (named ?? last.room) !== last.room) throw new RequestError("room_not_found");
  return { ...last, isOver: true };
}

/**
 * Reports a member of a room that clients name, or one that has left and whose message is among the last ones.
 * @returns the report's id
 * @throws RequestError `user_offline` if it is not there; `call_not_found` if there is no such room; `rate_limited`
 */
export async function reportMember(
  context: Context,
  participant: Participant,
  { room, peer, nameOf }: ReportedMember,
  grounds: ReportGrounds,
): Promise<string> {
  const [roster, messages] = await Promise.all([
    context.store.memberships.roster(room),
    context.store.rooms.recentMessages(room, EVIDENCE_MESSAGES),
  ]);
  if (!roster) throw new RequestError("call_not_found");
  const isPeer = (one: { readonly user: UserId; readonly session: SessionId }) =>
    "user" in peer ? one.user === peer.user : one.session === peer.session;
  const member = roster.members.find(isPeer);
  const { session, user, name } = member ? { ...member, name: nameOf(member.profile) } : authorAmong(messages, isPeer);
  const { bearer, network } = await connectionOf(context, session);
  const reported = { user: bearer ?? user, session, name, network };
  return file(context, participant, room, reported, grounds, messages);
}

/**
 * Reports a user of the chatroom: one that is there, or whose message is among the last ones.
 * @returns the report's id
 * @throws RequestError `user_offline` if it is not there; `rate_limited`
 */
export async function reportChatter(
  context: Context,
  participant: Participant,
  user: UserId,
  grounds: ReportGrounds,
): Promise<string> {
  const [[session], messages] = await Promise.all([
    context.store.users.sessions(context.dialect, user),
    recentMessages(context, EVIDENCE_MESSAGES),
  ]);
  const met = session === undefined ? authorAmong(messages, (one) => one.user === user) : { user, session };
  const { network } = await connectionOf(context, met.session);
  return file(context, participant, CHATROOM, { ...met, network }, grounds, messages);
}

/** The user of its token, where a participant is a connection, and its network: those that an operator can ban. Nothing of a session that has ended. */
async function connectionOf({ store }: Context, session: SessionId) {
  const { bearer, network } = (await store.sessions.read(session)) ?? {};
  return { bearer, network };
}

/** @throws RequestError `user_offline` if none of the messages is of that one */
function authorAmong(messages: readonly ChatMessage[], isAuthor: (message: ChatMessage) => boolean) {
  const message = messages.findLast(isAuthor);
  if (!message) throw new RequestError("user_offline");
  const { user, session, name } = message;
  return { user, session, name };
}

/** Keeps the report, once for everything that one session reports of one user in one room. */
async function file(
  { store, dialect, reportRules, onReport }: Context,
  participant: Participant,
  room: RoomId,
  reported: Reported,
  { category, words }: ReportGrounds,
  messages: readonly ChatMessage[],
): Promise<string> {
  if (!reportRules) throw new TypeError(`nobody can be reported in ${dialect}`);
  const { session, bearer, network } = participant;
  const user = bearer?.user ?? participant.requireUser();
  if (reported.session === session || reported.user === user) {
    throw new RequestError("validation", "You can't report yourself.");
  }
  const of = [dialect, room, session, reported.user].map((part) => JSON.stringify(part)).join();
  const id = createHash("sha256").update(of).digest("hex").slice(0, ID_LENGTH);
  const made = { id, at: Math.floor(store.clock.now()), dialect, room, category, words };
  const report = { ...made, reporter: { session, user }, reported };
  const kept = await store.reports.keep(report, bounded(messages), network, reportRules);
  if (typeof kept === "object") {
    throw new RequestError("rate_limited", "You have reported as many as you may for today.", kept.waitMs);
  }
  if (kept === "kept") onReport?.(category);
  return id;
}

/** The last messages that fit, oldest first; of the one that does not fit whole, the beginning. */
function bounded(messages: readonly ChatMessage[]): ChatMessage[] {
  const kept: ChatMessage[] = [];
  let left = EVIDENCE_BYTES;
  for (const message of messages.toReversed()) {
    left -= sizeOf(message);
    if (left < 0) {
      const units = Math.floor((left + sizeOf(message) - sizeOf({ ...message, text: "" })) / UNIT_BYTES);
      if (units > 0) kept.push({ ...message, text: message.text.slice(0, units) });
      break;
    }
    kept.push(message);
  }
  return kept.reverse();
}

function sizeOf(message: ChatMessage): number {
  return Buffer.byteLength(JSON.stringify(message));
}
