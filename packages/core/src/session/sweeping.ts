import type { NodeId, SessionId } from "@switchyard/protocol";
import type { Cluster, Context } from "../context.ts";
import { dropEach, SAMPLE } from "../stale-entries.ts";
import { detach, endSession, forgetSession } from "./end-session.ts";

const BATCH = 100;

/**
 * In what time clients of a node notice that it is gone, where the node did not say so: versions that don't are older than 5 s and 4 s
 * for pings, and pinged every 10 s for 8 s by default.
 */
export const UNSAID_NOTICE_MS = 18_000;

/** The work that a sweep found. */
export interface Sweep {
  detached: number;
  finalized: number;
  forgotten: number;
  /** Which nodes were forgotten. */
  readonly nodes: NodeId[];
  /** Entries of shared lists that no longer stood for anything. */
  stale: number;
}

/**
 * Ends the sessions of a living node whose grace is over. Returns how many.
 * @param reclaim takes back a session that the node holds after all (it was slow, and given up for dead); whether it does
 */
export async function endDueSessions(
  cluster: Cluster,
  node: NodeId,
  reclaim?: (session: SessionId) => boolean,
): Promise<number> {
  const due = (await cluster.store.nodes.due(node, BATCH)).filter((session) => !reclaim?.(session));
  const outcomes = await Promise.all(due.map((session) => endOrForget(cluster, session, node, reclaim)));
  return outcomes.filter(Boolean).length;
}

/**
 * A living node compares its index with what it really holds: a session whose opening or end Redis did not answer is nobody's, and
 * starts its grace or is ended; one that went on elsewhere is forgotten. One that is held is noted as held: a process that took the node
 * for dead may have noted the end of its grace after the node took it back.
 * @param isHeld whether the node holds a session, or is about to
 */
export async function reconcileIndex(
  cluster: Cluster,
  node: NodeId,
  isHeld: (session: SessionId) => boolean,
): Promise<void> {
  const { nodes } = cluster.store;
  const unheld = (await nodes.held(node)).filter((session) => !isHeld(session));
  for (let i = 0; i < unheld.length; i += BATCH) {
    await Promise.all(unheld.slice(i, i + BATCH).map((session) => reconcileEntry(cluster, node, session, isHeld)));
  }
  const detached = (await nodes.detached(node)).filter(isHeld);
  await Promise.all(detached.map((session) => nodes.hold(node, session)));
}

async function reconcileEntry(
  cluster: Cluster,
  node: NodeId,
  session: SessionId,
  isHeld: (session: SessionId) => boolean,
): Promise<void> {
  const record = await cluster.store.sessions.read(session);
  if (isHeld(session)) return; // it has come since
  if (record?.node !== node) await forgetSession(cluster, session, node);
  else if (record.state === "ending") await endSession(cluster, session, node, undefined);
  else await detach(cluster, session, node, record.epoch);
}

/**
 * Deals with the nodes whose lease has run out: their sessions start their grace, those whose grace is over are ended, and a node
 * that holds nothing more is forgotten. Takes ghosts out of the shared lists. Repeatable and safe beside another sweep.
 */
export async function sweep(cluster: Cluster): Promise<Sweep> {
  const total: Sweep = { detached: 0, finalized: 0, forgotten: 0, nodes: [], stale: 0 };
  for (const node of await cluster.store.nodes.expired()) await sweepNode(cluster, node, total);
  for (const context of cluster.contexts.values()) total.stale += await audit(context);
  return total;
}

async function sweepNode(cluster: Cluster, node: NodeId, total: Sweep): Promise<void> {
  const { nodes } = cluster.store;
  const [sessions, noticeMs = UNSAID_NOTICE_MS] = await Promise.all([nodes.sessions(node), nodes.noticeMs(node)]);
  let kept = 0;
  for (let i = 0; i < sessions.length; i += BATCH) {
    const batch = sessions
      .slice(i, i + BATCH)
      .map((session) => sweepSession(cluster, session, { node, noticeMs }, total));
    kept += (await Promise.all(batch)).filter(Boolean).length;
  }
  if (kept > 0) return;
  await nodes.forget(node);
  total.forgotten += 1;
  total.nodes.push(node);
}

interface DeadNode {
  readonly node: NodeId;
  readonly noticeMs: number;
}

/**
 * Nothing closed the connections of a node that vanished: its clients find out by a ping that does not come, and only then begin to come
 * back. So they are given that time besides the grace.
 * @returns whether the session stays in the node's index
 */
async function sweepSession(
  cluster: Cluster,
  session: SessionId,
  { node, noticeMs }: DeadNode,
  total: Sweep,
): Promise<boolean> {
  const { clock } = cluster.store;
  const deadline = await detach(cluster, session, node, undefined, clock.now() + noticeMs + cluster.graceMs);
  if (deadline !== undefined && deadline > clock.now()) {
    total.detached += 1;
    return true;
  }
  if (!(await endOrForget(cluster, session, node))) return false;
  total.finalized += 1;
  return false;
}

/** Returns whether the session was ended. One that went on elsewhere, or came back to this very node, is not. */
async function endOrForget(
  cluster: Cluster,
  session: SessionId,
  node: NodeId,
  isHeld?: (session: SessionId) => boolean,
): Promise<boolean> {
  if ((await endSession(cluster, session, node, undefined)) === undefined) return true;
  if (isHeld) await reconcileEntry(cluster, node, session, isHeld);
  else await forgetSession(cluster, session, node);
  return false;
}

/**
 * Takes out what reached a shared list late, from a process that was slow or died: sessions that have ended, and what features have such.
 * @returns how many entries went
 */
async function audit(context: Context): Promise<number> {
  const counts = await Promise.all([
    dropEndedSessions(context),
    ...context.features.map((feature) => feature.audit?.(context) ?? 0),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function dropEndedSessions({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleSessions(dialect, SAMPLE),
    async (session) => !(await store.sessions.exists(session)),
    (session) => store.presence.remove(dialect, session),
  );
}
