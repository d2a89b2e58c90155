import { type Flag, flagNames, RefusedError, type RoomId } from "@switchyard/protocol";
import type { MemberSeat } from "@switchyard/store";
import { tellMembers, tellOthers } from "./addressing.ts";
import { announceRoster } from "./announcing.ts";
import type { Context } from "./context.ts";
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
  const { session } = participant;
  const said = await context.store.rooms.say(room, session, { user, name, text }, context.rooms?.messagesKept);
  if (!said) throw new RefusedError("room_not_found");
  const message = { id: said.id, session, user, name, text, at: said.at };
  await tellMembers(context, participant, room, said.members, { type: "said", room, message });
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
  const roster = await context.store.memberships.mark(room, participant.session, flagNames.indexOf(flag), on);
  if (roster === "same") return;
  const member = roster?.members.find(({ session }) => session === participant.session);
  if (!roster || !member) throw new RefusedError("room_not_found");
  await tellOthers(context, participant, room, { type: "flagged", room, member, flag, on });
  await announceRoster(context, room, roster);
}

/** @throws RefusedError `room_not_found` if it isn't in that room */
export function memberOf(participant: Participant, room: RoomId): MemberSeat {
  const seat = participant.memberIn(room);
  if (!seat) throw new RefusedError("room_not_found");
  return seat;
}
