import { sweep } from "@switchyard/core";
import { type Check, type Remedy, sweptMs } from "../../check.ts";

/** What matchmakers do once a second. */
export const sweeping: Remedy = {
  says: "one sweep was carried out",
  apply: async (cluster) => void (await sweep(cluster)),
};

/** A node within its lease is alive; one beyond is dead, and the sweep gives its sessions their grace and forgets it. */
export const nodeLeases: Check = {
  name: "node-leases",
  rule: "A node whose lease has run out is cleared up after, and one that is alive says what it is.",
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
