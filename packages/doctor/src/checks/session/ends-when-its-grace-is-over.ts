import { endSession } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, reconciledMs } from "../../check.ts";

/** Its node ends it within a moment, the sweep when that is dead; one whose end was broken off is found with its node's next look. */
export const sessionEndsWhenItsGraceIsOver: Check = {
  name: "session-end",
  rule: "A session ends when its grace is over, and an end that has begun is carried out.",
  begins: ["session"],
  patienceMs: reconciledMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record) return;
    const { state, deadline, node, epoch } = record;
    const remedy = {
      description: "the session was ended",
      apply: async (cluster: Parameters<typeof endSession>[0]) =>
        void (await endSession(cluster, session, node, undefined)),
    };
    if (state === "ending") yield { problem: `the end of session ${session} (epoch ${epoch}) was broken off`, remedy };
    if (state !== "detached") return;
    if (deadline === undefined) yield { problem: `session ${session} (epoch ${epoch}) is detached without a deadline` };
    else if (deadline < snapshot.now) {
      yield { problem: `session ${session} (epoch ${epoch}) is still there after its deadline ${deadline}`, remedy };
    }
  },
};
