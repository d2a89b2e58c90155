import { settle } from "@switchyard/core";
import { type Check, sweptMs } from "../../check.ts";

/** How long a pairing may take: whoever takes over what a dead matchmaker had does so after a second. */
const SETTLED_MS = 5000;

export const assignments: Check = {
  name: "assignments",
  rule: "A pairing that is final is carried out within seconds.",
  begins: ["queueAssignments"],
  patienceMs: sweptMs,
  async *find(look, { ids: [queue = ""] }) {
    for (const assignment of await look.assignments(queue)) {
      const made = Number(assignment.id.slice(0, assignment.id.indexOf("-")));
      if (made > look.now - SETTLED_MS) continue;
      yield {
        problem: `pairing ${assignment.id} of queue ${queue} (room ${assignment.room}) is not carried out`,
        remedy: {
          says: "the pairing was carried out, or undone where somebody is gone",
          apply: async ({ contexts }) => {
            const context = [...contexts.values()].find(({ queues }) => queues.includes(queue));
            if (context) await settle(context, assignment);
          },
        },
      };
    }
  },
};
