import { setTimeout as wait } from "node:timers/promises";
import type { CoreEvent, Member, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import type { Participant } from "./participant.ts";

/** How often a peer that is in the room, and has no seat yet, is tried again, and after how long first, in ms. */
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 10;

/** Whom a participant names in one of its rooms: a user, or (where a participant is a connection) a session. */
export type PeerName = { readonly user: UserId } | { readonly session: SessionId };

/**
 * Tells a peer in a room something: one Redis command and no read, once it is known by which session the peer is there.
 * @returns whether that peer is in the room, be it within its grace
 */
export function tellPeer(
  context: Context,
  participant: Participant,
  room: RoomId,
  peer: PeerName,
  event: CoreEvent,
): Promise<boolean> {
  const name = "user" in peer ? peer.user : peer.session;
  const lane = participant.laneTo(`${room} ${name}`);
  const known = "session" in peer ? peer.session : lane.session;
  const send = (session: SessionId) =>
    context.wire.tell({ to: "peer", room, session, from: participant.sender }, event);
  return lane.pass(known === undefined ? undefined : () => send(known), async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const session = await findPeer(context, room, peer);
      lane.session = session;
      if (session === undefined || session === participant.session) return false;
      if (await send(session)) return true;
      await wait(FIRST_WAIT_MS * 2 ** attempt); // it has entered, and is about to be seated
    }
    return false;
  });
}

/** Tells everyone else in a room something that a participant does. */
export async function tellOthers(
  context: Context,
  participant: Participant,
  room: RoomId,
  event: CoreEvent,
): Promise<void> {
  const sessions = await membersOf(context, room);
  await tellMembers(
    context,
    participant,
    room,
    sessions.filter((session) => session !== participant.session),
    event,
  );
}

/** Tells members of a room something. Who has entered, and has no seat yet, is waited for. */
export async function tellMembers(
  context: Context,
  participant: Participant,
  room: RoomId,
  sessions: readonly SessionId[],
  event: CoreEvent,
): Promise<void> {
  let waiting = sessions;
  for (let attempt = 0; waiting.length > 0 && attempt < ATTEMPTS; attempt += 1) {
    const absent = await context.wire.spread(waiting, room, participant.sender, event);
    if (absent.length === 0) return;
    await wait(FIRST_WAIT_MS * 2 ** attempt);
    const there = await membersOf(context, room);
    waiting = absent.filter((session) => there.includes(session));
  }
}

async function membersOf({ store }: Context, room: RoomId): Promise<SessionId[]> {
  return ((await store.memberships.roster(room))?.members ?? []).map(({ session }) => session);
}

async function findPeer({ store }: Context, room: RoomId, peer: PeerName): Promise<SessionId | undefined> {
  const isPeer = (member: Member) => ("user" in peer ? member.user === peer.user : member.session === peer.session);
  return (await store.memberships.roster(room))?.members.find(isPeer)?.session;
}
