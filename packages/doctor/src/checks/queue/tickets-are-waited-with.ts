import { finishRecovery } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import type { Stamp } from "@switchyard/store";
import { among, type Check, contextOf, type Finding, sweptMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A session that is gone, or no longer waits, can't be paired, but would be counted; one that counts as away is not paired. */
export const queueTicketsAreWaitedWith: Check = {
  name: "queue-tickets",
  rule: "A queue's tickets belong to sessions that wait with that very ticket, and count as connected if they are.",
  begins: ["queueStamps"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids: [queue = ""] }) {
    yield* among(snapshot.inspection.queues.stamps(queue), ([session, stamp]) =>
      ticketProblem(snapshot, queue, session, stamp),
    );
  },
};

async function ticketProblem(
  snapshot: Snapshot,
  queue: string,
  session: SessionId,
  { number, connected }: Stamp,
): Promise<Finding | undefined> {
  const record = await snapshot.session(session);
  const ticket = { queue, number };
  if (record?.ticket?.queue !== queue || record.ticket.number !== number) {
    return {
      problem: `queue ${queue} has ticket ${number} of session ${session}, which ${record ? "does not wait with it" : "no longer exists"}`,
      remedy: { description: "the ticket was taken out", apply: ({ store }) => store.queues.dequeue(session, ticket) },
    };
  }
  const { epoch, state } = record;
  if (connected && state === "detached") {
    return {
      problem: `queue ${queue} has session ${session} (epoch ${epoch}) as connected, which it is not`,
      remedy: {
        description: "the ticket no longer counts until its owner is back",
        apply: async ({ store }) => void (await store.queues.setTicketConnected(session, ticket, epoch, false)),
      },
    };
  }
  if (connected || !(await snapshot.isConnected(record))) return undefined;
  return {
    problem: `queue ${queue} has session ${session} (epoch ${epoch}) as not connected, which it is`,
    remedy: {
      description: "the ticket counts again",
      apply: async (cluster) => {
        const now = await cluster.store.sessions.read(session);
        if (now?.state === "live") await finishRecovery(contextOf(cluster, now.dialect), session, now.epoch, now);
      },
    },
  };
}

/** One without a connection is queued when it comes back. */
export const waitingSessionIsQueued: Check = {
  name: "session-ticket",
  rule: "A connected session that waits is in its queue, or in a pairing that is being carried out.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record?.ticket || !(await snapshot.isConnected(record))) return;
    const { queue, number } = record.ticket;
    const { stamp } = await snapshot.inspection.queues.entry(queue, session);
    if (stamp?.number === number) return;
    const assignments = await snapshot.store.assignments.list(queue, 10_000); // after the queue: it comes from there
    const sides = assignments.flatMap(({ one, two }) => [one, two]);
    if (sides.some((side) => side.session === session && side.stamp.number === number)) return;
    yield {
      problem: `session ${session} (epoch ${record.epoch}) waits with ticket ${number} in queue ${queue}, which does not have it`,
      remedy: {
        description: "the session is in the queue",
        apply: async (cluster) => {
          const now = await cluster.store.sessions.read(session);
          if (now?.state === "live") await finishRecovery(contextOf(cluster, now.dialect), session, now.epoch, now);
        },
      },
    };
  },
};
