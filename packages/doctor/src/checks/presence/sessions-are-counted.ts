import type { DialectName, SessionId } from "@switchyard/protocol";
import { among, type Check, sweptMs } from "../../check.ts";

/** Else somebody who is gone is counted. */
export const countedSessionsExist: Check = {
  name: "presence-sessions",
  rule: "Every session that counts as present in a dialect speaks that dialect.",
  begins: ["presenceSessions"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const dialect = ids[0] as DialectName;
    yield* among(snapshot.inspection.presence.sessions(dialect), async (session) => {
      const record = await snapshot.session(session);
      if (record?.dialect === dialect) return undefined;
      return {
        problem: `session ${session} counts as present in ${dialect}, and ${record ? "speaks something else" : "no longer exists"}`,
        remedy: {
          description: "the session no longer counts",
          apply: ({ store }) => store.presence.remove(dialect, session),
        },
      };
    });
  },
};

/** The other direction of `presence-sessions`. */
export const sessionsAreCounted: Check = {
  name: "session-presence",
  rule: "A connected session counts as present in its dialect.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || record.dialect === "" || !(await snapshot.isConnected(record))) return;
    if (await snapshot.inspection.presence.hasSession(record.dialect, session)) return;
    const { dialect, epoch } = record;
    yield {
      problem: `session ${session} (epoch ${epoch}) does not count as present in ${dialect}`,
      remedy: {
        description: "the session counts",
        apply: async ({ store }) => {
          if (await store.sessions.exists(session)) await store.presence.add(dialect, session);
        },
      },
    };
  },
};
