import type { NodeId } from "@switchyard/protocol";
import type { Check, Remedy } from "../../check.ts";
import { sweeping } from "./node-leases.ts";

/** The list of leases is what the sweep goes by: of a node that is not on it nothing is ever cleared up. */
export const nodeKept: Check = {
  name: "node-kept",
  rule: "What is kept of a node is kept of one that has a lease, be it one that has run out.",
  begins: ["nodeInfo", "nodeSessions"],
  async *find({ inspection, store }, { kind, ids: [node = ""] }) {
    if ((await inspection.nodes.leaseOf(node)) !== undefined) return;
    const isIndexed = (await store.nodes.holds(node)) > 0; // looked at last: the lease goes when there is no index any more
    if (kind === "nodeSessions" && isIndexed) {
      const remedy = listed(node);
      yield { problem: `node ${node} has no lease, but an index of sessions`, remedy };
    } else if (kind === "nodeInfo" && !isIndexed && Object.keys(await inspection.nodes.info(node)).length > 0) {
      const remedy = { says: "the node was forgotten", apply: () => store.nodes.forget(node) };
      yield { problem: `node ${node} has no lease and no sessions, but is described`, remedy };
    }
  },
};

/** It counts as dead then, and the sweep sees to its sessions. */
function listed(node: NodeId): Remedy {
  return {
    says: "the node is listed as dead, and one sweep was carried out",
    apply: async (cluster) => {
      const [session] = await cluster.store.nodes.sessions(node);
      if (session === undefined) return;
      await cluster.store.nodes.expect(node, session);
      await sweeping.apply(cluster);
    },
  };
}
