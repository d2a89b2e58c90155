import type { NodeId, SessionId } from "@switchyard/protocol";
import type { SessionRecord, StoreErrorCode } from "@switchyard/store";
import { type Cluster, type Context, releaseHoldings } from "../context.ts";
import { finishEvictions } from "../identity/takeover.ts";

/**
 * A session's connection dropped, or (epoch `undefined`) its node died: it keeps its places until the grace is over.
 * @param deadline until when, Unix time in ms; by default as long as the grace is
 * @returns until when; `undefined` if the session went on elsewhere or is gone
 */
export async function detach(
  { store, graceMs }: Cluster,
  session: SessionId,
  node: NodeId,
  epoch: number | undefined,
  deadline: number = store.clock.now() + graceMs,
): Promise<number | undefined> {
  const detached = await store.sessions.detach(session, node, epoch, deadline);
  if (typeof detached === "string") return undefined;
  await store.nodes.holdUntil(node, session, detached.deadline);
  if (detached.ticket) await store.queues.setTicketConnected(session, detached.ticket, detached.epoch, false);
  return detached.deadline;
}

/**
 * Ends a session: by the node that holds it (epoch), or (`undefined`) because its grace is over. It is out of its rooms, queues and
 * presence, the others are notified, and last of all it is gone from the index of the node that held it.
 * @returns why not, where it is not to be ended
 */
export async function endSession(
  cluster: Cluster,
  session: SessionId,
  node: NodeId,
  epoch: number | undefined,
): Promise<StoreErrorCode | undefined> {
  return finishEnd(cluster, session, node, await cluster.store.sessions.end(session, epoch));
}

/**
 * Ends a session whose client sent a disconnect on a connection that this node had: wherever the session is now, since a client that
 * comes back at once may be there before its disconnect is read.
 * @returns whether there was anything to end
 */
export async function disconnect(cluster: Cluster, session: SessionId, node: NodeId): Promise<boolean> {
  const record = await cluster.store.sessions.disconnect(session);
  await finishEnd(cluster, session, node, record);
  return typeof record !== "string";
}

async function finishEnd(
  cluster: Cluster,
  session: SessionId,
  node: NodeId,
  record: SessionRecord | StoreErrorCode,
): Promise<StoreErrorCode | undefined> {
  const { store, contexts } = cluster;
  if (record === "notDue" || record === "fenced") return record;
  if (typeof record === "string") {
    await forgetSession(cluster, session, node);
    return undefined;
  }
  const context = record.dialect === "" ? undefined : contexts.get(record.dialect);
  if (context) await releaseEverything(context, session, record);
  await store.sessions.discard(session);
  await Promise.all([...new Set([node, record.node])].map((holder) => store.nodes.release(holder, session)));
  return undefined;
}

/** Takes a session that is not at a node out of its index. */
export async function forgetSession({ store }: Cluster, session: SessionId, node: NodeId): Promise<void> {
  const { nodes, sessions } = store;
  if ((await sessions.read(session))?.node === node) return;
  await nodes.release(node, session);
  const record = await sessions.read(session);
  // it came, or came back, while its entry went: without one, nobody would end it
  if (record?.node === node) await nodes.expect(node, session, record.deadline);
}

async function releaseEverything(context: Context, session: SessionId, record: SessionRecord): Promise<void> {
  const { store, dialect } = context;
  const { seats, reserved, departing, pendingEntries, ticketsRequested, claimed: users } = record;
  const rooms = [...new Set([...seats.keys(), ...reserved, ...departing, ...pendingEntries])];
  await releaseHoldings(context, session, { rooms, ticketsRequested, users });
  for (const user of users) await finishEvictions(context, user, await store.users.release(dialect, user, session));
  for (const feature of context.features) await feature.end?.(context, session, record);
  await store.presence.remove(dialect, session);
}
