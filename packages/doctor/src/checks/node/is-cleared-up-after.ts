import { sweep } from "@switchyard/core";
import type { NodeId } from "@switchyard/protocol";
import { type Check, type Remedy, sweptMs } from "../../check.ts";

/** The matchmakers' task of every second. */
const sweeping: Remedy = {
  description: "one sweep was carried out",
  apply: async (cluster) => void (await sweep(cluster)),
};

/** A node within its lease is alive; one beyond is dead, and the sweep gives its sessions their grace and forgets it. */
export const deadNodeIsClearedUpAfter: Check = {
  name: "node-leases",
  rule: "A node whose lease has run out is cleaned up, and a live node describes itself.",
  begins: ["leases"],
  patienceMs: sweptMs,
  async *find({ inspection, store, now }) {
    for (const { node, until } of await inspection.nodes.leases()) {
      if (until > now) {
        if (Object.keys(await inspection.nodes.info(node)).length > 0) continue;
        yield { problem: `node ${node} is alive and has not said what it is` };
        continue;
      }
      const sessions = await store.nodes.sessions(node);
      if (sessions.length === 0) {
        yield { problem: `node ${node} died at ${until}, holds nothing, and is not forgotten`, remedy: sweeping };
        continue;
      }
      const records = await Promise.all(sessions.map((session) => store.sessions.read(session)));
      const live = records.filter((record) => record?.state === "live" && record.node === node).length;
      if (live === 0) continue;
      yield { problem: `node ${node} died at ${until} and its ${live} sessions were not given up`, remedy: sweeping };
    }
  },
};

/** The list of leases is what the sweep goes by: of a node that is not on it nothing is ever cleared up. */
export const keptNodeHasALease: Check = {
  name: "node-kept",
  rule: "Every key of a node belongs to a node with a lease, even an expired one.",
  begins: ["nodeInfo", "nodeSessions"],
  async *find({ inspection, store }, { kind, ids: [node = ""] }) {
    if ((await inspection.nodes.leaseOf(node)) !== undefined) return;
    const isIndexed = (await store.nodes.holds(node)) > 0; // looked at last: the lease goes once there is no longer an index
    if (kind === "nodeSessions" && isIndexed) {
      const remedy = listed(node);
      yield { problem: `node ${node} has no lease, but an index of sessions`, remedy };
    } else if (kind === "nodeInfo" && !isIndexed && Object.keys(await inspection.nodes.info(node)).length > 0) {
      const remedy = { description: "the node was forgotten", apply: () => store.nodes.forget(node) };
      yield { problem: `node ${node} has no lease and no sessions, but is described`, remedy };
    }
  },
};

/** It counts as dead then, and the sweep sees to its sessions. */
function listed(node: NodeId): Remedy {
  return {
    description: "the node is listed as dead, and one sweep was carried out",
    apply: async (cluster) => {
      const [session] = await cluster.store.nodes.sessions(node);
      if (session === undefined) return;
      await cluster.store.nodes.expect(node, session);
      await sweeping.apply(cluster);
    },
  };
}
