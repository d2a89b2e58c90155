import type { SessionId } from "@switchyard/protocol";
import { type Check, sweptMs } from "../../check.ts";

/** The other direction of `user-sessions`. Who has not finished its opening event may only have noted whom it is to stand for. */
export const sessionUser: Check = {
  name: "session-user",
  rule: "A connected session that stands for a user is known to do so.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record || record.dialect === "" || record.user === undefined || !(await look.isConnected(record))) return;
    const { dialect, user, epoch, opening, seats } = record;
    if (opening === undefined && seats.size === 0) return;
    const facts = await look.inspection.sessions.user(dialect, user);
    if (facts?.session === session || facts?.attending.includes(session)) return;
    if (await look.isReplaced(session, record)) return;
    const by = facts?.session ?? "nobody";
    yield { problem: `session ${session} (epoch ${epoch}) stands for ${user} of ${dialect}, who is known by ${by}` };
  },
};
