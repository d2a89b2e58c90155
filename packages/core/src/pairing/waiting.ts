import { RequestError, type SessionId } from "@switchyard/protocol";
import { type QueuedTicket, type TicketRef, untimed } from "@switchyard/store";
import { type Context, withTrace } from "../context.ts";
import { overtakenError, takeOverUser } from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { leavePair } from "./ending.ts";
import { pairedEvent } from "./pair-seat.ts";
import { type PairingRequest, type PairingWish, readPairingRequest, writePairingRequest } from "./pairing-request.ts";
import { enqueue, enterQueue } from "./queueing.ts";
import { resumeWaiting } from "./resuming.ts";

/**
 * The opening event of a dialect that pairs strangers. The same wish again changes nothing, the reply is given again; another wish
 * while waiting keeps the place; one while in a room leaves that first.
 * @throws RequestError `replaced` by a newer session of the same user
 */
export async function join(context: Context, participant: Participant, wish: PairingWish): Promise<void> {
  const request = { ...wish, cohort: participant.origin.cohort };
  const opening = writePairingRequest(request);
  if (participant.opening === opening && (await repeatReply(context, participant))) return;
  await takeOverUser(context, participant, request.user);
  await startWaiting(context, participant, request, opening);
}

/**
 * Leaves the room, if in one, and waits again with the last wish.
 * @throws RequestError `not_joined` if there was none; `replaced` by a newer session of the same user
 */
export async function next(context: Context, participant: Participant): Promise<void> {
  const { opening } = participant;
  if (opening === undefined) throw new RequestError("not_joined");
  if (participant.rooms.length === 0 && (await repeatReply(context, participant))) return;
  const request = { ...readPairingRequest(opening), cohort: participant.origin.cohort };
  await startWaiting(context, participant, request, writePairingRequest(request));
}

/** Stops waiting. A session that is being paired at this moment leaves that room at once. */
export async function stopWaiting(context: Context, participant: Participant): Promise<void> {
  participant.requireUser();
  const withdrawn = await context.store.sessions.withdrawTicket(participant.session, participant.epoch);
  if (typeof withdrawn === "string") throw new RequestError("server_error");
  if (withdrawn.ticket) await context.store.queues.dequeue(participant.session, withdrawn.ticket);
  for (const room of withdrawn.rooms) await leavePair(context, { session: participant.session }, room);
}

/**
 * Announces to a session that it waits, once for each of its requests: to be called when there is nobody for its ticket. Of two who are
 * paired before that, the first is notified with its seat.
 */
export async function announceWait(
  context: Context,
  queue: string,
  { session, stamp, ticket: { trace } }: QueuedTicket,
): Promise<void> {
  const traced = trace === undefined ? context : withTrace(untimed(trace), context);
  await sendWaiting(traced, session, { queue, number: stamp.number }, false);
}

/** A session that sent a new request while its former ticket was being paired, and so was not paired, keeps its position. Repeatable. */
export async function requeueAtOldPosition(
  context: Context,
  queue: string,
  { session, sequence, stamp, ticket: { network } }: QueuedTicket,
): Promise<void> {
  const record = await context.store.sessions.read(session);
  if (record?.state === "ending" || record?.opening === undefined || record.ticket?.queue !== queue) return;
  if (record.ticket.number <= stamp.number) return;
  const { epoch, state, ticket, opening } = record;
  await enqueue(
    context,
    { session, network },
    ticket,
    { epoch, connected: state === "live" },
    readPairingRequest(opening),
    sequence,
  );
}

/** @throws RequestError `replaced` by a newer session of the same user */
async function startWaiting(
  context: Context,
  participant: Participant,
  request: PairingRequest,
  opening: string,
): Promise<void> {
  const { session, epoch, network } = participant;
  if (participant.user !== request.user) throw new RequestError("replaced"); // told since it began: its epoch is that of the eviction
  const asked = await context.store.sessions.requestTicket(session, epoch, request.queue, request.user, opening);
  if (typeof asked === "string") throw await overtakenError(context, session, request.user);
  if (participant.epoch === epoch) participant.opening = opening; // else it has received the outcome already
  participant.waitingSince = performance.now();
  await enterQueue(context, { session, epoch, network }, asked, request);
}

/** Repeats the reply to the opening event, if what it asked for still stands. */
async function repeatReply(context: Context, { session, epoch, sender, origin }: Participant): Promise<boolean> {
  const record = await context.store.sessions.read(session);
  if (!record) return false;
  for (const room of record.departing) await leavePair(context, { session }, room);
  const [[room, seat] = []] = record.seats;
  if (room !== undefined && seat?.kind === "pair") {
    await context.outbox.send(session, context.render(pairedEvent(room, seat)), room, sender);
    return true;
  }
  if (!record.ticket || record.opening === undefined) return record.reserved.length > 0;
  // one that was not announced is about to be, if there is nobody for it
  if (record.isWaitAnnounced) await sendWaiting(context, session, record.ticket, true);
  await resumeWaiting(context, { session, epoch, origin }, record.ticket, record.opening);
  return true;
}

/** Only while the session holds the ticket, which it gives up to be paired: so "waiting" never comes after "paired". */
async function sendWaiting(
  { store, outbox, render }: Context,
  session: SessionId,
  ticket: TicketRef,
  again: boolean,
): Promise<void> {
  const [position, { meanWaitMs }] = await Promise.all([
    store.queues.position(ticket.queue, session),
    store.queues.figures(ticket.queue),
  ]);
  const estimatedWaitMs = meanWaitMs * Math.ceil(position / 2);
  await outbox.announceWait(session, ticket, render({ type: "waiting", position, estimatedWaitMs }), again);
}
