import type { SessionRecord, TicketRef } from "@switchyard/store";
import type { Context, Held } from "../context.ts";
import { yieldToNewerSession } from "../identity/takeover.ts";
import { readPairingRequest, writePairingRequest } from "./pairing-request.ts";
import { enqueue, enterQueue } from "./queueing.ts";

/**
 * After a recovery: a ticket counts again, and one that never reached its queue is put there. One that was requested from another network is
 * renewed at its place, since bans and the shadow pool go by it.
 */
export async function resumeWaiting(
  context: Context,
  { session, epoch, origin }: Pick<Held, "session" | "epoch" | "origin">,
  ticket: TicketRef,
  opening: string,
): Promise<void> {
  const { queues } = context.store;
  const [queued] = origin ? await queues.find(ticket.queue, [session]) : [];
  const isFromHere = !queued || queued.ticket.network === origin?.network;
  if (isFromHere && (await queues.setTicketConnected(session, ticket, epoch, true))) return;
  const request = readPairingRequest(opening);
  await enqueue(context, { session, network: origin?.network }, ticket, { epoch, connected: true }, request);
  await yieldToNewerSession(context, session, request.user);
}

/**
 * After a recovery with a token of another cohort: a new ticket takes the place of the one that waits, or is being paired, so that it is not
 * paired any longer in the cohort that it had.
 * @returns whether there was such a ticket
 */
export async function moveToCohort(context: Context, held: Held, record: SessionRecord): Promise<boolean> {
  const { origin } = held;
  const { opening, ticket, reserved } = record;
  if (!origin || opening === undefined || (!ticket && reserved.length === 0)) return false;
  const former = readPairingRequest(opening);
  if (former.cohort === origin.cohort) return false;
  const request = { ...former, cohort: origin.cohort };
  const { session, epoch } = held;
  const { queue, user } = request;
  const asked = await context.store.sessions.requestTicket(session, epoch, queue, user, writePairingRequest(request));
  if (typeof asked !== "string") await enterQueue(context, { session, epoch, network: origin.network }, asked, request);
  return true; // one that was overtaken is moved by the node that has it
}
