import type { RoomId, SessionId } from "@switchyard/protocol";
import type { Context, Feature } from "../context.ts";
import { dropEach, SAMPLE } from "../stale-entries.ts";
import { leavePair } from "./ending.ts";
import { moveToCohort, resumeWaiting } from "./resuming.ts";

/** Strangers wait in queues, and are paired. */
export const pairing = {
  name: "pairing",
  events: ["waiting", "paired", "partner-left", "said", "removed", "typing", "signal"],
  async recover(context, held, record) {
    const { session } = held;
    const { ticket, opening, departing, seats } = record;
    const isMoved = await moveToCohort(context, held, record);
    if (!isMoved && ticket && opening !== undefined) await resumeWaiting(context, held, ticket, opening);
    for (const room of departing) await leavePair(context, { session }, room);
    for (const room of seats.keys()) await finishPairEnd(context, session, room);
  },
  async release(context, session, { rooms, ticketsRequested }) {
    for (const room of rooms) await leavePair(context, { session }, room);
    await leaveQueues(context, session, ticketsRequested);
  },
  async audit(context) {
    const counts = await Promise.all([
      ...context.queues.map((queue) => dropStaleTickets(context, queue)),
      dropRemovedRooms(context),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  },
} as const satisfies Feature;

/** The process that began to end a pair may not have come as far as this side of it. */
async function finishPairEnd(context: Context, session: SessionId, room: RoomId): Promise<void> {
  if ((await context.store.rooms.state(room)) === "open") return;
  await leavePair(context, { session }, room, { type: "partner-left", room });
}

/** Takes whatever ticket a session may have out of every queue. */
async function leaveQueues({ store, queues }: Context, session: SessionId, asks: number): Promise<void> {
  if (asks === 0) return;
  await Promise.all(queues.map((queue) => store.queues.dequeue(session, { queue, number: asks })));
}

async function dropStaleTickets({ store }: Context, queue: string): Promise<number> {
  return dropEach(
    await store.queues.sample(queue, SAMPLE),
    async ({ session, ticket }) => !(await store.sessions.waitsWith(session, ticket)),
    ({ session, ticket }) => store.queues.dequeue(session, ticket),
  );
}

async function dropRemovedRooms({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleRooms(dialect, SAMPLE),
    async (room) => ["void", undefined].includes(await store.rooms.state(room)),
    (room) => store.presence.roomRemoved(dialect, room),
  );
}
