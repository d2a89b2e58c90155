import type { RoomId, SessionId } from "@switchyard/protocol";
import type { QueuedTicket } from "@switchyard/store";
import type { Context } from "../context.ts";

/** The record of a reservation, by which any process that finds it can undo it. */
interface ReservationUndo {
  readonly queue: string;
  readonly place: number;
  readonly ticket: QueuedTicket["ticket"];
}

export function writeReservationUndo(queue: string, { sequence, ticket }: QueuedTicket): string {
  const undo: ReservationUndo = { queue, place: sequence, ticket };
  return JSON.stringify(undo);
}

/** Undoes a reservation: back to the old place in the queue. Repeatable; nothing if there is none. */
export async function undoReservation({ store }: Context, session: SessionId, room: RoomId): Promise<void> {
  const released = await store.sessions.releaseReservation(session, room);
  if (released) {
    const { queue, place, ticket }: ReservationUndo = JSON.parse(released.undo);
    await store.queues.enqueue(queue, session, ticket, released.stamp, place);
  }
  await store.sessions.forgetReservation(session, room);
}
