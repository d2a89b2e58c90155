import { type Flag, flagNames, RefusedError, type RoomId } from "@switchyard/protocol";
import type { MemberSeat } from "@switchyard/store";
import { tellOthers } from "./addressing.ts";
import { announceRoster } from "./announcing.ts";
import type { Context } from "./context.ts";
import { announceEntry } from "./entering.ts";
import type { Participant } from "./participant.ts";

/**
 * Says something to everyone in a meeting, the speaker included.
 * @param name what the speaker is called there
 * @returns the message's id
 * @throws RefusedError `room_not_found` if it isn't in that room
 */
export async function sayInMeeting(
  context: Context,
  participant: Participant,
  room: RoomId,
  name: string,
  text: string,
): Promise<string> {
  const { user } = memberOf(participant, room);
  const { session, sender } = participant;
  const said = await context.store.rooms.postMessage(room, sender, { user, name, text }, context.rooms?.messagesKept);
  if (!said) throw new RefusedError("room_not_found");
  const message = { id: said.id, session, user, name, text, at: said.at };
  await context.wire.share(said.members, room, said.revision, { type: "said", room, message });
  return said.id;
}

/**
 * Sets one of a member's flags, and tells the others; setting what is set already tells nobody.
 * @throws RefusedError `room_not_found` if it isn't in that room
 */
export async function setFlag(
  context: Context,
  participant: Participant,
  room: RoomId,
  flag: Flag,
  on: boolean,
): Promise<void> {
  memberOf(participant, room);
  const { session, epoch } = participant;
  const { sessions, memberships } = context.store;
  const note = await sessions.noteChange(session, epoch, room);
  if (typeof note === "string") throw new RefusedError(note === "absent" ? "room_not_found" : "server_error");
  const marked = await memberships.setFlag(room, session, flagNames.indexOf(flag), on);
  if (marked === undefined) throw new RefusedError("room_not_found");
  const roster = marked === "same" ? await memberships.roster(room) : marked;
  const member = roster?.members.find((one) => one.session === session);
  if (!roster || !member) throw new RefusedError("room_not_found");
  if (marked !== "same") await tellOthers(context, participant, room, { type: "flagged", room, member, flag, on });
  if (note.isSecond) return announceEntry(context, session, room, roster, note.number);
  if (marked !== "same") await announceRoster(context, room, roster);
  await sessions.clearChange(session, room, note.number);
}

/** @throws RefusedError `room_not_found` if it isn't in that room */
export function memberOf(participant: Participant, room: RoomId): MemberSeat {
  const seat = participant.memberIn(room);
  if (!seat) throw new RefusedError("room_not_found");
  return seat;
}
