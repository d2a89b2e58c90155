import { leaveRoom, queueAgain } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

const MOST = 10_000;

/** Of a reservation without one nothing becomes any more: the session would wait for ever. */
export const reservations: Check = {
  name: "reservations",
  rule: "A session is reserved for a pair only while that pairing is being carried out.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record || record.state === "ending") return;
    if (record.reserved.length === 0) return;
    for (const { room, queue } of await look.inspection.sessions.reservations(session)) {
      const assignments = await look.store.assignments.list(queue, MOST); // after the session: it is noted there first
      if (assignments.some((assignment) => assignment.room === room)) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) is reserved for pair ${room}, which nobody carries out`,
        remedy: {
          says: "the session waits again, at its old place, or is out of the pair",
          apply: async (cluster) => {
            const context = contextOf(cluster, record.dialect);
            if ((await context.store.rooms.state(room)) === "open") await leaveRoom(context, { session }, room);
            else await queueAgain(context, session, room);
          },
        },
      };
    }
  },
};
