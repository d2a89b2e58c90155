import type { NodeId, SessionId } from "@switchyard/protocol";
import type { Cluster } from "./context.ts";
import { detach, finalize } from "./farewell.ts";

const BATCH = 100;

/** What a sweep found to do. */
export interface Sweep {
  detached: number;
  finalized: number;
  forgotten: number;
}

/** Ends the sessions of a living node whose grace is over. Returns how many. */
export async function finalizeDue(cluster: Cluster, node: NodeId): Promise<number> {
  const due = await cluster.store.nodes.due(node, BATCH);
  const outcomes = await Promise.all(due.map((session) => finalizeOrForget(cluster, session, node)));
  return outcomes.filter(Boolean).length;
}

/**
 * Deals with the nodes whose lease has run out: their sessions start their grace, those whose grace is over are ended, and a node
 * that holds nothing more is forgotten. Repeatable and safe beside another sweep.
 */
export async function sweep(cluster: Cluster): Promise<Sweep> {
  const total: Sweep = { detached: 0, finalized: 0, forgotten: 0 };
  for (const node of await cluster.store.nodes.expired()) await sweepNode(cluster, node, total);
  return total;
}

async function sweepNode(cluster: Cluster, node: NodeId, total: Sweep): Promise<void> {
  const { nodes } = cluster.store;
  let skipped = 0;
  for (;;) {
    const sessions = await nodes.sessions(node, skipped, BATCH);
    if (sessions.length === 0) break;
    const kept = await Promise.all(sessions.map((session) => sweepSession(cluster, session, node, total)));
    skipped += kept.filter(Boolean).length; // those that went don't have to be skipped
  }
  if (skipped > 0) return;
  await nodes.forget(node);
  total.forgotten += 1;
}

/** Returns whether the session stays in the node's index. */
async function sweepSession(cluster: Cluster, session: SessionId, node: NodeId, total: Sweep): Promise<boolean> {
  const deadline = await detach(cluster, session, node, undefined);
  if (deadline !== undefined && deadline > cluster.store.clock.now()) {
    total.detached += 1;
    return true;
  }
  if (!(await finalizeOrForget(cluster, session, node))) return false;
  total.finalized += 1;
  return false;
}

/**
 * Returns whether the session was ended. One that went on at another node is only forgotten here; one that is back on this very node
 * stays: its entry is set right by whoever resumed it.
 */
async function finalizeOrForget(cluster: Cluster, session: SessionId, node: NodeId): Promise<boolean> {
  const refusal = await finalize(cluster, session, node, undefined);
  if (refusal === undefined) return true;
  const record = await cluster.store.sessions.read(session);
  if (record?.node !== node) await cluster.store.nodes.release(node, session);
  return false;
}
