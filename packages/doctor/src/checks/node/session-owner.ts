import type { SessionId } from "@switchyard/protocol";
import type { Check } from "../../check.ts";

/** A session that stands in no index has nobody who ends it. */
export const sessionOwner: Check = {
  name: "session-owner",
  rule: "Every session stands in the index of the node that holds it, or held it last.",
  begins: ["session"],
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.store.sessions.read(session); // read before its index: it leaves that last
    if (!record || (await look.inspection.nodes.indexed(record.node, session)) !== undefined) return;
    yield {
      problem: `session ${session} (${record.state}, epoch ${record.epoch}) is not in the index of its node ${record.node}`,
      remedy: {
        says: "the session is in its node's index again, so it will be ended in its time",
        apply: ({ store }) => store.nodes.expect(record.node, session, record.deadline),
      },
    };
  },
};
