import type { SessionId } from "@switchyard/protocol";
import { among, type Check } from "../../check.ts";

/** One script writes all three, and one takes them away. */
export const queueEntriesAreComplete: Check = {
  name: "queue-entries",
  rule: "Every session in a queue has a position, a ticket and a stamp there.",
  begins: ["queueWaiting", "queueTickets", "queueStamps"],
  async *find({ inspection: { queues } }, { kind, ids: [queue = ""] }) {
    yield* among(pagesOf(), async (session) => {
      const { sequence, hasTicket, stamp } = await queues.entry(queue, session);
      const parts = [sequence !== undefined && "a place", hasTicket && "a ticket", stamp && "a stamp"].filter(Boolean);
      if (parts.length === 0 || parts.length === 3) return undefined;
      return { problem: `session ${session} has only ${parts.join(" and ")} in queue ${queue}` };
    });

    function pagesOf(): AsyncIterable<readonly SessionId[]> {
      if (kind === "queueWaiting") return queues.queued(queue);
      return kind === "queueTickets" ? queues.tickets(queue) : stamped();
    }

    async function* stamped() {
      for await (const page of queues.stamps(queue)) yield page.map(([session]) => session);
    }
  },
};
