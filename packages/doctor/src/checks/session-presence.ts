import type { SessionId } from "@switchyard/protocol";
import type { Check } from "../check.ts";

/** The other direction of `presence-sessions`. */
export const sessionPresence: Check = {
  name: "session-presence",
  rule: "A connected session counts as present in its dialect.",
  begins: ["session"],
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (record?.state !== "live" || record.dialect === "") return;
    if (await look.inspection.presence.hasSession(record.dialect, session)) return;
    yield { problem: `session ${session} (epoch ${record.epoch}) does not count as present in ${record.dialect}` };
  },
};
