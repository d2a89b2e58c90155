import { type Json, RefusedError, type RoomId, type SignalKind } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import type { Participant } from "./participant.ts";

/**
 * Passes an offer, answer or candidate on to the partner. One Redis command, no read.
 * @throws RefusedError `room_not_found` if it isn't in that room, or the partner isn't any more
 */
export async function signal(
  { wire }: Context,
  participant: Participant,
  room: RoomId,
  kind: SignalKind,
  body: Json,
): Promise<void> {
  const { peer } = participant.pairIn(room);
  const from = participant.requireUser();
  const address = { to: "peer", room, session: peer, from: participant.sender } as const;
  if (!(await wire.tell(address, { type: "signal", room, from, kind, body }))) throw new RefusedError("room_not_found");
}

/** Tells the partner that the participant types, or has stopped. */
export async function type(
  { wire }: Context,
  participant: Participant,
  room: RoomId,
  isTyping: boolean,
): Promise<void> {
  const { peer } = participant.pairIn(room);
  const address = { to: "peer", room, session: peer, from: participant.sender } as const;
  if (!(await wire.tell(address, { type: "typing", room, isTyping }))) throw new RefusedError("room_not_found");
}

/**
 * Says something to everyone in the room, the speaker included.
 * @returns the message's id
 */
export async function say(
  { store, wire }: Context,
  participant: Participant,
  room: RoomId,
  text: string,
): Promise<string> {
  participant.pairIn(room);
  const user = participant.requireUser();
  const { session, sender } = participant;
  const said = await store.rooms.say(room, sender, { user, text });
  if (!said) throw new RefusedError("room_not_found");
  const { id, at, members } = said;
  const message = { id, session, user, name: undefined, text, at };
  await wire.spread(members, room, sender, { type: "said", room, message });
  return id;
}
