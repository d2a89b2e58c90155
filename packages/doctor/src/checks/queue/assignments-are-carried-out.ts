import { carryOutAssignment, leavePair, undoReservation } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

/** How long a pairing may take: another matchmaker takes over the pairings of a dead one after a second. */
const CARRIED_OUT_MS = 5000;

export const assignmentsAreCarriedOut: Check = {
  name: "assignments",
  rule: "A pairing that is final is carried out within seconds.",
  begins: ["queueAssignments"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids: [queue = ""] }) {
    for (const assignment of await snapshot.assignments(queue)) {
      const made = Number(assignment.id.slice(0, assignment.id.indexOf("-")));
      if (made > snapshot.now - CARRIED_OUT_MS) continue;
      yield {
        problem: `pairing ${assignment.id} of queue ${queue} (room ${assignment.room}) is not carried out`,
        remedy: {
          description: "the pairing was carried out, or undone where somebody is gone",
          apply: async ({ contexts }) => {
            const context = [...contexts.values()].find(({ queues }) => queues.includes(queue));
            if (context) await carryOutAssignment(context, assignment);
          },
        },
      };
    }
  },
};

const MOST = 10_000;

/** A reservation without one can no longer be carried out: the session would wait for ever. */
export const reservationsHaveAnAssignment: Check = {
  name: "reservations",
  rule: "A session is reserved for a pair only while that pairing is being carried out.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || record.state === "ending") return;
    if (record.reserved.length === 0) return;
    for (const { room, queue } of await snapshot.inspection.sessions.reservations(session)) {
      const assignments = await snapshot.store.assignments.list(queue, MOST); // after the session: it is noted there first
      if (assignments.some((assignment) => assignment.room === room)) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) is reserved for pair ${room}, which nobody carries out`,
        remedy: {
          description: "the session waits again, at its old position, or is out of the pair",
          apply: async (cluster) => {
            const context = contextOf(cluster, record.dialect);
            if ((await context.store.rooms.state(room)) === "open") await leavePair(context, { session }, room);
            else await undoReservation(context, session, room);
          },
        },
      };
    }
  },
};
