import { detach, forgetSession } from "@switchyard/core";
import type { NodeId, SessionId } from "@switchyard/protocol";
import type { IndexEntry } from "@switchyard/store/inspection";
import { among, type Check, type Finding, reconciledMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/** An entry goes when its time has come, or when the node looks what it really holds. */
export const nodeListsItsSessions: Check = {
  name: "node-index",
  rule: "A node's index lists the sessions that it holds, and those that it has to end, by when.",
  begins: ["nodeSessions"],
  patienceMs: reconciledMs,
  async *find(snapshot, { ids: [node = ""] }) {
    yield* among(snapshot.inspection.nodes.index(node), (entry) => entryProblem(snapshot, node, entry));
  },
};

async function entryProblem(snapshot: Snapshot, node: NodeId, entry: IndexEntry): Promise<Finding | undefined> {
  const { session, deadline } = entry;
  const isDue = deadline < snapshot.now; // 0, of what it holds, is
  const record = await snapshot.session(session);
  if (record?.node !== node) {
    if (!isDue || (await snapshot.inspection.nodes.indexed(node, session)) === undefined) return undefined;
    return {
      problem: `node ${node} lists session ${session}, which is ${record ? `at ${record.node}` : "no more"}`,
      remedy: {
        description: "the entry is gone, if the session is not at that node",
        apply: (cluster) => forgetSession(cluster, session, node),
      },
    };
  }
  if (record.state === "detached" && deadline === 0) {
    return {
      problem: `node ${node} lists session ${session} as held, but it is detached until ${record.deadline}`,
      remedy: {
        description: "the entry says until when the session may come back",
        apply: async (cluster) => void (await detach(cluster, session, node, record.epoch)),
      },
    };
  }
  if (record.state !== "live" || deadline === 0) return undefined;
  return { problem: `node ${node} lists session ${session} as detached until ${deadline}, but it is live` };
}

/** A session that stands in no index has nobody who ends it. */
export const sessionIsListed: Check = {
  name: "session-owner",
  rule: "Every session stands in the index of the node that holds it, or held it last.",
  begins: ["session"],
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.store.sessions.read(session); // read before its index: it leaves that last
    if (!record || (await snapshot.inspection.nodes.indexed(record.node, session)) !== undefined) return;
    yield {
      problem: `session ${session} (${record.state}, epoch ${record.epoch}) is not in the index of its node ${record.node}`,
      remedy: {
        description: "the session is in its node's index again, so it will be ended in its time",
        apply: ({ store }) => store.nodes.expect(record.node, session, record.deadline),
      },
    };
  },
};
