import type { SessionId } from "@switchyard/protocol";
import type { Check } from "../check.ts";

/** The other direction of `user-sessions`. */
export const sessionUser: Check = {
  name: "session-user",
  rule: "A connected session that stands for a user is known to do so.",
  begins: ["session"],
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (record?.state !== "live" || record.dialect === "" || record.user === undefined) return;
    const { dialect, user, epoch } = record;
    const facts = await look.inspection.sessions.user(dialect, user);
    if (facts?.session === session || facts?.attending.includes(session)) return;
    const by = facts?.session ?? "nobody";
    yield { problem: `session ${session} (epoch ${epoch}) stands for ${user} of ${dialect}, who is known by ${by}` };
  },
};
