import type { CoreEventOf } from "@switchyard/protocol";
import { type Assignment, type PairSeat, type QueuedTicket, untimed } from "@switchyard/store";
import type { Context } from "../context.ts";
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
  await Promise.all([
    store.users.rememberPartner(dialect, one.ticket.user, two.ticket.user),
    store.users.rememberPartner(dialect, two.ticket.user, one.ticket.user),
    store.presence.roomOpened(dialect, room),
  ]);
  await Promise.all(
    [seatOf(assignment, one, two, true), seatOf(assignment, two, one, false)].map(({ session, seat, trace }) =>
      outbox.seat(session, room, seat, render(pairedEvent(room, seat), trace)),
    ),
  );
}

function seatOf({ queue }: Assignment, own: QueuedTicket, other: QueuedTicket, initiator: boolean) {
  const seat: PairSeat = {
    kind: "pair",
    queue,
    peer: other.session,
    partner: other.ticket.user,
    initiator,
    sharedInterests: sharedInterests(own.ticket.interests, other.ticket.interests),
  };
  const { trace } = own.ticket;
  return { session: own.session, seat, trace: trace === undefined ? undefined : untimed(trace) };
}

function pairedEvent(room: string, { partner, queue, initiator, sharedInterests }: PairSeat): CoreEventOf<"paired"> {
  return { type: "paired", room, partner, queue, initiator, sharedInterests };
}

/** Those of one's own interests, in one's own spelling, that the other has too. */
function sharedInterests(own: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map((interest) => interest.toLowerCase()));
  return own.filter((interest) => known.has(interest.toLowerCase()));
}
