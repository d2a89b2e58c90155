import type { DialectName, SessionId } from "@switchyard/protocol";
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
          apply: ({ store }) => store.presence.remove(dialect, session),
        },
      };
    });
  },
};

/** The other direction of `presence-sessions`. */
export const sessionPresence: Check = {
  name: "session-presence",
  rule: "A connected session counts as present in its dialect.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record || record.dialect === "" || !(await look.isConnected(record))) return;
    if (await look.inspection.presence.hasSession(record.dialect, session)) return;
    const { dialect, epoch } = record;
    yield {
      problem: `session ${session} (epoch ${epoch}) does not count as present in ${dialect}`,
      remedy: {
        says: "the session counts",
        apply: async ({ store }) => {
          if (await store.sessions.exists(session)) await store.presence.add(dialect, session);
        },
      },
    };
  },
};
