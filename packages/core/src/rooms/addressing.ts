import { setTimeout as wait } from "node:timers/promises";
import type { CoreEvent, Member, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Context } from "../context.ts";
import type { Participant } from "../participant.ts";

/** How often a peer that is in the room, and has no seat yet, is tried again, and after how long first, in ms. */
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 10;

/** A peer in a room: by user, by session (where a participant is a connection), or the first of the others there. */
export type PeerName = { readonly user: UserId } | { readonly session: SessionId } | "other";

/**
 * Tells a peer in a room something: one Redis command and no read, once it has been reached.
 * @returns whether that peer is in the room, be it within its grace
 */
export async function sendToPeer(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
  event: CoreEvent,
): Promise<boolean> {
  const name = peer === "other" ? `${room}\n` : `${room} ${"user" in peer ? peer.user : peer.session}`;
  const route = participant.routeTo(name);
  const known = route.session;
  const packet = context.render(event);
  const send = (session: SessionId) => context.outbox.deliver(session, room, participant.senderIn(room), packet);
  const find = () => sendWhenSeated(context, participant, room, peer, send);
  const reached = await route.send(known === undefined ? undefined : () => send(known), async () => {
    route.session = undefined;
    route.session = await find();
    return route.session !== undefined;
  });
  if (!reached) participant.dropRoute(name);
  return reached;
}

/** By which session the peer was reached. */
async function sendWhenSeated(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
  send: (session: SessionId) => Promise<boolean>,
): Promise<SessionId | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const session = await findPeer(context, participant, room, peer);
    if (session === undefined || session === participant.session) return undefined;
    if (await send(session)) return session;
    await wait(FIRST_WAIT_MS * 2 ** attempt); // it has entered, and is about to be seated
  }
  return undefined;
}

/** Sends an event of a participant to everyone else in a room. A session not seated there yet receives the resulting state instead. */
export async function sendToOthers(
  context: Context,
  participant: Participant,
  room: RoomId,
  event: CoreEvent,
): Promise<void> {
  const members = (await context.store.memberships.roster(room))?.members ?? [];
  const others = members.flatMap(({ session }) => (session === participant.session ? [] : [session]));
  await context.outbox.deliverToEach(others, room, participant.senderIn(room), context.render(event));
}

async function findPeer(
  { store }: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
): Promise<SessionId | undefined> {
  const isPeer = ({ user, session }: Member) => {
    if (peer === "other") return session !== participant.session;
    return "user" in peer ? user === peer.user : session === peer.session;
  };
  const members = (await store.memberships.roster(room))?.members ?? [];
  const isThere = members.some(({ session }) => session === participant.session); // else another session took its place
  return isThere ? members.find(isPeer)?.session : undefined;
}
