import { catchUp } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

/** One without a connection is queued when it comes back. */
export const sessionTicket: Check = {
  name: "session-ticket",
  rule: "A connected session that waits is in its queue, or in a pairing that is being carried out.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record?.ticket || !(await look.isConnected(record))) return;
    const { queue, number } = record.ticket;
    const { stamp } = await look.inspection.queues.entry(queue, session);
    if (stamp?.number === number) return;
    const assignments = await look.store.assignments.list(queue, 10_000); // after the queue: it comes from there
    const sides = assignments.flatMap(({ one, two }) => [one, two]);
    if (sides.some((side) => side.session === session && side.stamp.number === number)) return;
    yield {
      problem: `session ${session} (epoch ${record.epoch}) waits with ticket ${number} in queue ${queue}, which does not have it`,
      remedy: {
        says: "the session is in the queue",
        apply: async (cluster) => {
          const now = await cluster.store.sessions.read(session);
          if (now?.state === "live") await catchUp(contextOf(cluster, now.dialect), session, now.epoch, now);
        },
      },
    };
  },
};
