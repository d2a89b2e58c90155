import { releaseHoldings } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

/** One without a connection does the rest when it comes back, or when it ends. */
export const sessionLeavesRoomsAltogether: Check = {
  name: "unfinished-leave",
  rule: "A connected session that has left a room has left it altogether.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || record.departing.length === 0 || !(await snapshot.isConnected(record))) return;
    if (await snapshot.isReplaced(session, record)) return;
    for (const room of record.departing) {
      yield {
        problem: `session ${session} (epoch ${record.epoch}) is out of room ${room}, which is still to be left`,
        remedy: {
          description: "the room was left",
          apply: (cluster) =>
            releaseHoldings(contextOf(cluster, record.dialect), session, {
              rooms: [room],
              ticketsRequested: 0,
              users: [],
            }),
        },
      };
    }
  },
};
