import { type ChatMessage, type Flag, flagNames, RequestError, type RoomId } from "@switchyard/protocol";
import type { MemberSeat } from "@switchyard/store";
import type { Context, Feature } from "../context.ts";
import type { Packet } from "../delivery.ts";
import type { Participant } from "../participant.ts";
import { keptAs } from "../reference.ts";
import { sendToOthers } from "./addressing.ts";
import { announceRoster } from "./announcing.ts";
import { announceEntry } from "./entering.ts";

/** Messages of members to all others in a room, and the state that they show of themselves. */
export const meeting = {
  name: "meeting",
  events: ["said", "removed", "flagged"],
  async complete({ store }, _session, record, reference) {
    const { event } = reference;
    if (event.type !== "said" || !("id" in reference)) return undefined;
    const { room } = event;
    const message = await store.rooms.message(room, reference.id);
    if (message) return { type: "said", room, message };
    const isRemoved = await store.rooms.hasMessagesUpTo(room, reference.id);
    return isRemoved || !record.seats.has(room) ? undefined : "gap";
  },
} as const satisfies Feature;

/**
 * Says something to everyone in a meeting, the speaker included.
 * @param name what the speaker is called there
 * @returns the message's id
 * @throws RequestError `room_not_found` if it isn't in that room
 */
export async function sendMeetingMessage(
  context: Context,
  participant: Participant,
  room: RoomId,
  name: string,
  text: string,
): Promise<string> {
  const { user } = memberOf(participant, room);
  const { session, sender } = participant;
  const posted = await context.store.rooms.postMessage(
    room,
    sender,
    { user, name, text },
    context.roomRules?.messagesKept,
  );
  if (!posted) throw new RequestError("room_not_found");
  const message = { id: posted.id, session, user, name, text, at: posted.at };
  const packet = saidPacket(context, room, message);
  await context.outbox.deliverMessage(posted.members, room, posted.revision, sender, packet);
  return posted.id;
}

/** A message to the members of a room. The outboxes of all of them refer to a long one, which the room has once. */
export function saidPacket(context: Context, room: RoomId, message: ChatMessage): Packet | undefined {
  return keptAs(context.render({ type: "said", room, message }), { event: { type: "said", room }, id: message.id });
}

/**
 * Sets one of a member's flags, and tells the others; setting what is set already tells nobody.
 * @throws RequestError `room_not_found` if it isn't in that room
 */
export async function setFlag(
  context: Context,
  participant: Participant,
  room: RoomId,
  flag: Flag,
  on: boolean,
): Promise<void> {
  memberOf(participant, room);
  const { session, epoch, sender } = participant;
  const { sessions, memberships } = context.store;
  const note = await sessions.noteChange(session, epoch, room);
  if (typeof note === "string") throw new RequestError(note === "absent" ? "room_not_found" : "server_error");
  const marked = await memberships.setFlag(room, sender, flagNames.indexOf(flag), on);
  if (marked === undefined) throw new RequestError("room_not_found");
  const roster = marked === "same" ? await memberships.roster(room) : marked;
  const member = roster?.members.find((one) => one.session === session);
  if (!roster || !member) throw new RequestError("room_not_found");
  if (marked !== "same") await sendToOthers(context, participant, room, { type: "flagged", room, member, flag, on });
  if (note.isSecond) return announceEntry(context, session, room, roster, note.number);
  if (marked !== "same") await announceRoster(context, room, roster);
  await sessions.clearChange(session, room, note.number);
}

/** @throws RequestError `room_not_found` if it isn't in that room */
export function memberOf(participant: Participant, room: RoomId): MemberSeat {
  const seat = participant.memberIn(room);
  if (!seat) throw new RequestError("room_not_found");
  return seat;
}
