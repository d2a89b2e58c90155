import type { DialectName } from "@switchyard/protocol";
import { among, type Check, sweptMs } from "../../check.ts";

/** Else somebody who is gone is counted. */
export const presenceSessions: Check = {
  name: "presence-sessions",
  rule: "Whoever counts as present in a dialect is a session that speaks it.",
  begins: ["presenceSessions"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const dialect = ids[0] as DialectName;
    yield* among(look.inspection.presence.sessions(dialect), async (session) => {
      const record = await look.session(session);
      if (record?.dialect === dialect) return undefined;
      return {
        problem: `session ${session} counts as present in ${dialect}, and ${record ? "speaks something else" : "is no more"}`,
        remedy: {
          says: "the session does not count any more",
          apply: ({ store }) => store.presence.disappear(dialect, session),
        },
      };
    });
  },
};
