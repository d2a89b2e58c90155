import { clusterWithTrace, endSession, withMissedState } from "@switchyard/core";
import type { DialectName, UserId } from "@switchyard/protocol";
import {
  entryNumberOf,
  type FeedOffset,
  type RecoveringUser,
  type Restored,
  type StoreErrorCode,
} from "@switchyard/store";
import type { ResumeOutcome } from "../telemetry/metrics.ts";
import type { LocalSession } from "./local-session.ts";
import type { RecoveryId, RecoveryOffset } from "./recovery-credentials.ts";

import type { SessionHostParts } from "./session-host-parts.ts";

/**
 * Takes a session over from wherever it was, with everything that its client has missed. `undefined` if the client can't have it, or it
 * can't be filled whole: then it starts anew, and what can't be filled is ended at once, since nobody will come back to it.
 */
export async function takeOver(
  parts: SessionHostParts,
  session: LocalSession,
  recovery: RecoveryId,
  offset: RecoveryOffset,
): Promise<Restored | undefined> {
  const { node, cluster, subscriptions, metrics, logger } = parts;
  const { nodes } = cluster.store;
  await Promise.all([nodes.expect(node, recovery.session), subscriptions.subscribe(session)]);
  const restored = await resume(parts, session, recovery, offset);
  if (typeof restored === "string") {
    metrics.resumes.inc({ outcome: outcomeOf(restored) });
    logFailure(parts, recovery, offset, restored);
    await subscriptions.unsubscribe(session);
    await endUnrecoverable(parts, recovery, restored);
    return undefined;
  }
  await nodes.hold(node, recovery.session);
  session.participant.restore(restored);
  const { dialect, epoch } = session.participant;
  logger.debug({ session: recovery.session, dialect, epoch, missed: restored.missed.length }, "a session goes on here");
  return restored;
}

/** The session with which a client that can't recover was a user, and the number of its last event; `undefined`: there is none to come back to. */
export async function findFormer({ cluster }: SessionHostParts, user: UserId, dialect: DialectName) {
  const { users, sessions } = cluster.store;
  const id = await users.holder(dialect, user);
  const record = id === undefined ? undefined : await sessions.read(id);
  if (id === undefined || record?.state !== "detached" || !record.recoversByUser) return undefined;
  return { id, number: record.number };
}

/**
 * Takes a session over for a client that can't recover and is back as the session's user. It starts anew: nothing counts as missed but
 * what came since the session was found, and it follows the feed again by its opening event. `undefined` if somebody else was faster, or
 * the session is not to be had like that.
 */
export async function takeOverByUser(
  { node, cluster, subscriptions, metrics }: SessionHostParts,
  session: LocalSession,
  user: RecoveringUser,
): Promise<Restored | undefined> {
  const { nodes, sessions } = cluster.store;
  const { session: id } = session.participant;
  await Promise.all([nodes.expect(node, id), subscriptions.subscribe(session)]);
  const resumed = await sessions.resume(id, user, session.lastNumber, node);
  const restored = typeof resumed === "string" ? resumed : await withMissedState(cluster, id, resumed);
  if (typeof restored === "string") {
    await subscriptions.unsubscribe(session);
    if ((await sessions.read(id))?.node !== node) await nodes.release(node, id);
    return undefined;
  }
  await nodes.hold(node, id);
  session.participant.restore(restored);
  metrics.resumes.inc({ outcome: "returned" });
  return restored;
}

/** Of its own events and of its dialect's feed all that is missing; or not at all. */
async function resume(
  { node, cluster, feedOf }: SessionHostParts,
  session: LocalSession,
  { session: id, hash }: RecoveryId,
  offset: RecoveryOffset,
): Promise<Restored | StoreErrorCode> {
  const restored = await cluster.store.sessions.resume(id, hash, offset.number, node);
  if (typeof restored === "string") return restored;
  const { feed, dialect } = restored.record;
  const whole = await withMissedState(cluster, id, restored);
  if (whole === "gap" || feed === undefined) return whole;
  const feedOffset = feedOffsetOf(offset, feed);
  if (!(await feedOf(dialect)?.covers(feedOffset))) return "gap";
  session.feedOffset = feedOffset;
  return whole;
}

/** The client's feed offset by its own account; but the one that it was sent, if it has missed that, or names an earlier one. */
function feedOffsetOf({ number, feedOffset }: RecoveryOffset, feed: FeedOffset): string {
  if (feedOffset === undefined || number < feed.number || entryNumberOf(feedOffset) < entryNumberOf(feed.last))
    return feed.last;
  return feedOffset;
}

/** A session whose missed events are not kept is lost; a client with the wrong secret is another one. The rest came too late. */
function logFailure(
  { logger }: SessionHostParts,
  { session }: RecoveryId,
  { number }: RecoveryOffset,
  errorCode: StoreErrorCode,
): void {
  const fields = { session, number, outcome: outcomeOf(errorCode) };
  if (errorCode === "gap") logger.info(fields, "a session's missed events are no longer kept; its client starts anew");
  else if (errorCode === "wrongSecret") logger.warn(fields, "resume refused: wrong recovery secret");
  else logger.debug(fields, "a session no longer exists; its client starts anew");
}

function outcomeOf(errorCode: StoreErrorCode): ResumeOutcome {
  if (errorCode === "wrongSecret") return "wrong_secret";
  return errorCode === "gap" ? "gap" : "unknown";
}

async function endUnrecoverable(
  parts: SessionHostParts,
  { session }: RecoveryId,
  errorCode: StoreErrorCode,
): Promise<void> {
  const { node, cluster, metrics, tracing } = parts;
  const { nodes, sessions } = cluster.store;
  const record = await sessions.read(session);
  if (record?.node !== node) await nodes.release(node, session);
  if (errorCode !== "gap" || !record) return;
  await endSession(clusterWithTrace(tracing.background(), cluster), session, record.node, record.epoch);
  metrics.sessionsEnded.inc({ reason: "gap" });
}
