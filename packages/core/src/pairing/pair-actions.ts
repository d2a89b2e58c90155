import { type Json, type NodeId, RequestError, type RoomId, type SignalKind } from "@switchyard/protocol";
import type { Context } from "../context.ts";
import type { Participant } from "../participant.ts";
import { leavePair } from "./ending.ts";
import { sendToPartner, sendWhenSeated } from "./partner.ts";

/**
 * Passes an offer, answer or candidate on to the partner. One Redis command, no read, once both are seated.
 * @throws RequestError `room_not_found` if it isn't in that room, or the partner no longer is
 */
export async function sendSignal(
  context: Context,
  participant: Participant,
  room: RoomId,
  kind: SignalKind,
  body: Json,
): Promise<void> {
  const from = participant.requireUser();
  const event = { type: "signal", room, from, kind, body } as const;
  if (!(await sendToPartner(context, participant, room, event))) throw new RequestError("room_not_found");
}

/** Tells the partner that the participant types, or has stopped. */
export async function sendTyping(
  context: Context,
  participant: Participant,
  room: RoomId,
  isTyping: boolean,
): Promise<void> {
  const sent = await sendToPartner(context, participant, room, { type: "typing", room, isTyping });
  if (!sent) throw new RequestError("room_not_found");
}

/**
 * Says something to the partner; the speaker gets a copy if its client asked for that. The copy goes by way of the speaker's outbox, so
 * that a client that recovers knows what arrived.
 * @returns the message's id, and its time, Unix ms
 */
export async function sendMessage(
  context: Context,
  participant: Participant,
  room: RoomId,
  text: string,
): Promise<{ id: string; at: number }> {
  const { peer } = participant.pairIn(room);
  const user = participant.requireUser();
  const { session, sender } = participant;
  const posted = await context.store.rooms.postMessage(room, sender, { user, text });
  if (!posted) throw new RequestError("room_not_found");
  const { id, at, members } = posted;
  const receivers = participant.echoes ? members : members.filter((member) => member !== session);
  const message = { id, session, user, name: undefined, text, at };
  const packet = context.render({ type: "said", room, message });
  const missed = await context.outbox.deliverToEach(receivers, room, sender, packet);
  // nothing else that this one says goes on its way meanwhile
  const sendAgain = () => context.outbox.deliver(peer, room, sender, packet);
  if (missed.includes(peer)) await sendWhenSeated(context, room, peer, sendAgain);
  return { id, at };
}

/** Never to be paired with that partner again, from either side; the room ends. */
export async function block(context: Context, participant: Participant, room: RoomId): Promise<void> {
  const { partner } = participant.pairIn(room);
  await context.store.users.block(context.dialect, participant.requireUser(), partner);
  await leavePair(context, participant, room);
}

/** Which node holds the participant, and which its partner (`null`: it has none, or the partner is between two connections). */
export async function whereabouts(
  { store }: Context,
  participant: Participant,
): Promise<{ node: NodeId | null; partnerNode: NodeId | null }> {
  const [own, partner] = await Promise.all([nodeOf(store, participant.session), partnerOf(store, participant)]);
  return { node: own, partnerNode: partner };
}

async function partnerOf(store: Context["store"], participant: Participant): Promise<NodeId | null> {
  const [room] = participant.rooms;
  return room === undefined ? null : nodeOf(store, participant.pairIn(room).peer);
}

async function nodeOf(store: Context["store"], session: string): Promise<NodeId | null> {
  const record = await store.sessions.read(session);
  return record?.state === "live" ? record.node : null;
}
