import { setTimeout as wait } from "node:timers/promises";
import { type CoreEvent, RequestError, type RoomId, type SessionId } from "@switchyard/protocol";
import type { Context } from "../context.ts";
import type { Participant } from "../participant.ts";

/**
 * How often a partner that has no seat yet is tried: for 5 s, which is longer than it takes until another matchmaker does what a dead
 * one began. Tries are counted and not the time, since where this process stood still, the matchmaker may have stood still too.
 */
const ATTEMPTS = 30;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 200;

/**
 * Tells the partner something: one Redis command and no read, once both are seated. Of two who are paired one is seated first, and may
 * speak before the other is: then it waits for that, and what comes after it does too.
 * @returns whether the partner is in the room, be it within its grace
 * @throws RequestError `room_not_found` if the participant isn't; `server_error` if the partner does not get its seat
 */
export async function sendToPartner(
  context: Context,
  participant: Participant,
  room: RoomId,
  event: CoreEvent,
): Promise<boolean> {
  const { peer } = participant.pairIn(room);
  const packet = context.render(event);
  const send = () => context.outbox.deliver(peer, room, participant.sender, packet);
  const route = participant.knownRouteTo(peer);
  if (!route && (await send())) return true; // almost always; a refusal is returned before anything sent after it
  const reached = await participant.routeTo(peer).send(route && send, () => sendWhenSeated(context, room, peer, send));
  if (!reached) participant.dropRoute(peer);
  return reached;
}

/** Sends what did not reach the partner, until it does, or it is clear that it won't. */
export async function sendWhenSeated(
  context: Context,
  room: RoomId,
  peer: SessionId,
  send: () => Promise<boolean>,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const isToCome = await isBeingSeated(context, room, peer); // looked at first: it may get its seat between the two
    if (await send()) return true;
    if (!isToCome) return false;
    await wait(Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS));
  }
  throw new RequestError("server_error");
}

/** Whether a session is still to be seated in a pair that is open already. */
async function isBeingSeated({ store }: Context, room: RoomId, peer: SessionId): Promise<boolean> {
  const [state, record] = await Promise.all([store.rooms.state(room), store.sessions.read(peer)]);
  return state === "open" && record?.reserved.includes(room) === true;
}
