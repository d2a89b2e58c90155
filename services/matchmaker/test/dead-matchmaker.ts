import { randomUUID } from "node:crypto";
import type { Context } from "@switchyard/core";
import { type Dialect, dialects, openContext } from "@switchyard/dialects";
import { keys, type QueuedTicket, type Store } from "@switchyard/store";
import type { TestCluster } from "@switchyard/testkit";

/** The queue whose pairings it carried out. */
export const QUEUE = "chat";
const CONSUMER = "a dead one";
const GROUP = "matchmakers";
/** Longer than others wait before they take over what it had taken. */
const DEAD_FOR_MS = 60_000;

const random = dialects.find(({ name }) => name === "random") as Dialect;
export const contextOf = (store: Store): Context =>
  openContext(random, store, { roomRules: undefined, onlineRules: undefined });

/** How far it came: two whose pairing was final, taken, one or both of them reserved, the room open, one of them told. */
export type Point = "committed" | "taken" | "one reserved" | "both reserved" | "opened" | "one told";

/**
 * Does what a matchmaker does with the first two who wait, up to a point at which it died a while ago.
 * @returns the room's id
 * @throws Error if a step can't be done
 */
export async function pairUpTo({ store, redis }: TestCluster, point: Point): Promise<string> {
  const { queues, assignments, sessions, rooms } = store;
  const room = randomUUID();
  const [one, two] = (await queues.load(QUEUE)).tickets;
  if (!one || !two) throw new Error("two are to wait");
  await assignments.prepare(QUEUE);
  if (!(await queues.commit(QUEUE, one, two, room))) throw new Error("the pairing is not final");
  if (point === "committed") return room;
  const reader = redis.duplicate();
  const [taken] = await assignments.take(reader, QUEUE, CONSUMER, 1, 100);
  reader.disconnect();
  if (!taken) throw new Error("there is no assignment");
  const claim = [keys.queueAssignments(QUEUE), GROUP, CONSUMER, 0, taken.id, "IDLE", DEAD_FOR_MS, "JUSTID"] as const;
  await redis.call("XCLAIM", ...claim);
  if (point === "taken") return room;
  for (const { session, sequence, stamp, ticket } of point === "one reserved" ? [one] : [one, two]) {
    const again = JSON.stringify({ queue: QUEUE, place: sequence, ticket });
    const { outcome } = await sessions.reserve(session, room, { queue: QUEUE, number: stamp.number }, again);
    if (outcome !== "reserved") throw new Error(`it is ${outcome}`);
  }
  if (point !== "opened" && point !== "one told") return room;
  const peers = new Map([one, two].map(({ session, ticket }) => [session, { user: ticket.user }]));
  if ((await rooms.decide(room, "open", "random", peers)) !== "open") throw new Error("the room is not open");
  if (point === "one told") await tellOne(store, room, one, two);
  return room;
}

async function tellOne(store: Store, room: string, one: QueuedTicket, two: QueuedTicket): Promise<void> {
  const pair = { queue: QUEUE, partner: two.ticket.user, initiator: true, sharedInterests: [], isRepeat: false };
  const seat = { kind: "pair", peer: two.session, ...pair } as const;
  const { outbox, render } = contextOf(store);
  const waiting = render({ type: "waiting", position: 1, estimatedWaitMs: 0 });
  const told = await outbox.seat(one.session, room, seat, render({ type: "paired", room, ...pair }), waiting);
  if (!told) throw new Error("it was not told");
}
