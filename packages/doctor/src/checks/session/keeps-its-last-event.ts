import type { SessionId } from "@switchyard/protocol";
import type { Check } from "../../check.ts";

/** One script counts an event and keeps it. Where the two differ, a client that comes back can't be given what it missed. */
export const outboxKeepsItsLastEvent: Check = {
  name: "outboxes",
  rule: "The last event in a session's outbox is the last one that was published to it.",
  begins: ["outbox", "session"],
  async *find({ inspection, store }, { kind, ids }) {
    const session: SessionId = ids[0] ?? "";
    if (kind === "outbox") {
      const last = await inspection.sessions.lastKept(session);
      const record = await store.sessions.read(session);
      if (!record && last > 0) {
        const remedy = { description: "the events were removed", apply: () => store.sessions.discard(session) };
        yield { problem: `events up to ${last} are kept for session ${session}, which no longer exists`, remedy };
      } else if (record && last > record.number) {
        yield { problem: `event ${last} is kept for session ${session}, which was sent ${record.number}` };
      }
    } else {
      const record = await store.sessions.read(session);
      const last = await inspection.sessions.lastKept(session);
      if (!record || last >= record.number || !(await store.sessions.exists(session))) return;
      yield { problem: `session ${session} was told ${record.number} events, and those up to ${last} are kept` };
    }
  },
};
