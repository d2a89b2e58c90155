import type { SessionId } from "@switchyard/protocol";
import type { RequestedTicket, Stamp, TicketRef } from "@switchyard/store";
import type { Context, Origin } from "../context.ts";
import { yieldToNewerSession } from "../identity/takeover.ts";
import { leavePair } from "./ending.ts";
import { type PairingRequest, ticketOf } from "./pairing-request.ts";

/** After a session has noted that it is to wait: it leaves what it left for that, and its ticket comes into the queue. */
export async function enterQueue(
  context: Context,
  { session, epoch, network }: { readonly session: SessionId; readonly epoch: number } & Pick<Origin, "network">,
  asked: RequestedTicket,
  request: PairingRequest,
): Promise<void> {
  if (asked.replaced && asked.replaced.queue !== request.queue)
    await context.store.queues.dequeue(session, asked.replaced);
  for (const room of asked.rooms) await leavePair(context, { session }, room);
  await enqueue(context, { session, network }, asked.ticket, { epoch, connected: true }, request);
  await yieldToNewerSession(context, session, request.user);
}

/** Puts a ticket into its queue. Repeatable; a ticket that is there is renewed at its place. */
export async function enqueue(
  context: Context,
  { session, network }: { readonly session: SessionId } & Pick<Origin, "network">,
  { queue, number }: TicketRef,
  stamp: Omit<Stamp, "number">,
  request: PairingRequest,
  sequence?: number,
): Promise<void> {
  const { store, dialect } = context;
  const history = await store.users.history(dialect, request.user);
  const asked = ticketOf(request, history, store.clock.now(), context.trace, network);
  await store.queues.enqueue(queue, session, asked, { number, ...stamp }, sequence);
}
