import { type Assignment, type QueuedTicket, untimed } from "@switchyard/store";
import type { Context } from "../context.ts";
import { pairedEvent, seatOf } from "./pair-seat.ts";
import { undoReservation, writeReservationUndo } from "./reservation-undo.ts";
import { requeueAtOldPosition } from "./waiting.ts";

/**
 * Carries an assignment out: both sessions reserved → the room opened → both seated and notified. If either session is gone, the room
 * is void, and the other one returns to its old position in the queue, even if it has asked again since. The room decides, once; every
 * step can be repeated by another worker, even at the same time.
 * @returns whether the two were paired
 */
export async function carryOutAssignment(context: Context, assignment: Assignment): Promise<boolean> {
  const { store } = context;
  const { room, one, two } = assignment;
  const reservations = await Promise.all([reserve(context, assignment, one), reserve(context, assignment, two)]);
  const wanted = reservations.every(({ outcome }) => outcome === "reserved") ? "open" : "void";
  const peers = new Map([one, two].map(({ session, ticket }) => [session, { user: ticket.user }]));
  const decision = await store.rooms.decide(room, wanted, context.dialect, peers);
  if (decision === "open") await seatBoth(context, assignment);
  else
    await Promise.all(
      [one, two].map((side, i) => requeue(context, assignment, side, reservations[i]?.outcome === "gone")),
    );
  await store.assignments.finish(assignment);
  return decision === "open";
}

function reserve({ store }: Context, { queue, room }: Assignment, side: QueuedTicket) {
  return store.sessions.reserve(
    side.session,
    room,
    { queue, number: side.stamp.number },
    writeReservationUndo(queue, side),
  );
}

async function requeue(
  context: Context,
  { queue, room }: Assignment,
  side: QueuedTicket,
  isGone: boolean,
): Promise<void> {
  await undoReservation(context, side.session, room);
  if (isGone) await requeueAtOldPosition(context, queue, side);
}

async function seatBoth(context: Context, assignment: Assignment): Promise<void> {
  const { store, outbox, dialect, render } = context;
  const { room, one, two } = assignment;
  // before they are seated: a partner that leaves at once must not be met again at once
  const [isRepeat] = await Promise.all([
    store.users.noteMeeting(dialect, one.ticket.user, two.ticket.user, room),
    store.users.rememberPartner(dialect, one.ticket.user, two.ticket.user),
    store.users.rememberPartner(dialect, two.ticket.user, one.ticket.user),
    store.presence.roomOpened(dialect, room),
  ]);
  const sides = [
    { own: one, other: two, isFirst: true },
    { own: two, other: one, isFirst: false },
  ] as const;
  await Promise.all(
    sides.map(({ own, other, isFirst }) => {
      const seat = seatOf(assignment, own, other, isFirst, isRepeat);
      const trace = own.ticket.trace === undefined ? undefined : untimed(own.ticket.trace);
      const waiting = isFirst ? render({ type: "waiting", position: 1, estimatedWaitMs: 0 }, trace) : undefined;
      return outbox.seat(own.session, room, seat, render(pairedEvent(room, seat), trace), waiting);
    }),
  );
}
