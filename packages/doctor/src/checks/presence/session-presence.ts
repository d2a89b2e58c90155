import type { SessionId } from "@switchyard/protocol";
import { type Check, sweptMs } from "../../check.ts";

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
          if (await store.sessions.exists(session)) await store.presence.appear(dialect, session);
        },
      },
    };
  },
};
