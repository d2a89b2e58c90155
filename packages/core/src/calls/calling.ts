import {
  type CallStep,
  type Json,
  RequestError,
  type RoomId,
  type SignalKind,
  type UserId,
} from "@switchyard/protocol";
import type { Context, Feature } from "../context.ts";
import type { Participant } from "../participant.ts";
import { type PeerName, sendToOthers, sendToPeer } from "../rooms/addressing.ts";

/** Offers, answers and candidates between two in a room. */
export const roomSignals = { name: "signals", events: ["signal"] } as const satisfies Feature;
/** Requests of one in a room that another one open a connection to it. */
export const connectionRequests = {
  name: "connection requests",
  events: ["connection-requested"],
} as const satisfies Feature;
/** Messages that clients send to each other in a room, and that the server does not read. */
export const relay = { name: "relay", events: ["relayed"] } as const satisfies Feature;
/** Steps in setting up a call between two in a room. */
export const callSteps = { name: "call steps", events: ["call-step"] } as const satisfies Feature;
/** Invitations to a call, to people who are online. */
export const invitations = { name: "invitations", events: ["invited"] } as const satisfies Feature;

/**
 * Passes an offer, answer or candidate on to a peer in a match, call or meeting. One Redis command, no read, once the peer is known.
 * @throws RequestError `not_joined` if it isn't in that room; `user_offline` if the peer isn't
 */
export async function sendSignalToPeer(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
  kind: SignalKind,
  body: Json,
): Promise<void> {
  const from = userIn(participant, room);
  const event = { type: "signal", room, from, kind, body } as const;
  if (!(await sendToPeer(context, participant, room, peer, event))) throw new RequestError("user_offline");
}

/**
 * Asks a peer in a room to open a connection. One Redis command, no read, once the peer is known.
 * @throws RequestError `not_joined` if it isn't in that room; `user_offline` if the peer isn't
 */
export async function requestConnection(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
): Promise<void> {
  const event = { type: "connection-requested", room, from: userIn(participant, room) } as const;
  if (!(await sendToPeer(context, participant, room, peer, event))) throw new RequestError("user_offline");
}

/**
 * Passes an opaque message on to a peer in a room. One Redis command, no read, once the peer is known.
 * @throws RequestError `not_joined` if it isn't in that room; `user_offline` if the peer isn't
 */
export async function relayToPeer(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
  body: Json,
): Promise<void> {
  const event = { type: "relayed", room, from: userIn(participant, room), body } as const;
  if (!(await sendToPeer(context, participant, room, peer, event))) throw new RequestError("user_offline");
}

/**
 * Tells a peer of a step in setting up a call.
 * @throws RequestError `not_joined` if it isn't in that room; `user_offline` if the peer isn't
 */
export async function sendCallStep(
  context: Context,
  participant: Participant,
  room: RoomId,
  to: UserId,
  step: CallStep,
  reason?: string,
): Promise<void> {
  const from = userIn(participant, room);
  const event = { type: "call-step", from, step, ...(reason === undefined ? {} : { reason }) } as const;
  if (!(await sendToPeer(context, participant, room, { user: to }, event))) throw new RequestError("user_offline");
}

/** Tells everyone else in a room that a participant ended the call. */
export async function endCall(context: Context, participant: Participant, room: RoomId): Promise<void> {
  await sendToOthers(context, participant, room, { type: "call-step", from: userIn(participant, room), step: "end" });
}

function userIn(participant: Participant, room: RoomId): UserId {
  const seat = participant.memberIn(room);
  if (!seat) throw new RequestError("not_joined");
  return seat.user;
}

/** An invitation to a call. */
export interface Invitation {
  readonly room: RoomId;
  /** The inviting user, as that user's client gave it. */
  readonly initiator: Json;
  readonly isVideo: boolean;
}

/** Invites those of `users` that are online. */
export async function invite(
  context: Context,
  { sender }: Participant,
  users: Iterable<UserId>,
  invitation: Invitation,
): Promise<void> {
  const { store, outbox, dialect } = context;
  const packet = context.render({ type: "invited", ...invitation });
  const invited = [...new Set(users)].map(async (user) => {
    const session = await store.users.holder(dialect, user);
    if (session !== undefined) await outbox.send(session, packet, undefined, sender);
  });
  await Promise.all(invited);
}
