import type { SessionId } from "@switchyard/protocol";
import { type Check, sweptMs } from "../../check.ts";

/** The other direction of `people-online`. Who follows what concerns everyone has come online. */
export const sessionOnline: Check = {
  name: "session-online",
  rule: "A connected session that has come online as a user is that user, for everyone to see.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    const { dialect = "", user, epoch, feed } = record ?? {};
    if (!record || dialect === "" || user === undefined || !feed || !(await look.isConnected(record))) return;
    const { presence } = look.inspection;
    const entry = await presence.person(dialect, user);
    const isOnline = entry?.startsWith(`${session} `) || (await presence.heldBy(dialect, session)) === user;
    if (isOnline || (await look.isReplaced(session, record))) return;
    yield { problem: `session ${session} (epoch ${epoch}) has come online as ${user}, who is not online by it` };
  },
};
