import { clusterWithTrace, endSession } from "@switchyard/core";
import { entryNumberOf, type FeedOffset, type Restored, type StoreErrorCode } from "@switchyard/store";
import type { ResumeOutcome } from "../telemetry/metrics.ts";
import type { LocalSession } from "./local-session.ts";
import type { Offset, RecoveryId } from "./recovery-id.ts";

import type { SessionHostParts } from "./resumption.ts";

/**
 * Takes a session over from wherever it was, with everything that its client has missed. `undefined` if the client can't have it, or it
 * can't be filled whole: then it starts anew, and what can't be filled is ended at once, since nobody will come back to it.
 */
export async function takeOver(
  parts: SessionHostParts,
  session: LocalSession,
  recovery: RecoveryId,
  offset: Offset,
): Promise<Restored | undefined> {
  const { node, cluster, hearing, metrics, waits, logger } = parts;
  const { nodes } = cluster.store;
  await Promise.all([nodes.expect(node, recovery.session), hearing.begin(session)]);
  const restored = await resume(parts, session, recovery, offset);
  if (typeof restored === "string") {
    metrics.resumes.inc({ outcome: outcomeOf(restored) });
    noteRefusal(parts, recovery, offset, restored);
    await hearing.end(session);
    await giveUp(parts, recovery, restored);
    return undefined;
  }
  await nodes.hold(node, recovery.session);
  session.participant.restore(restored);
  if (restored.record.ticket) waits.goOn(session, restored.record.ticket);
  const { dialect, epoch } = session.participant;
  logger.debug({ session: recovery.session, dialect, epoch, missed: restored.missed.length }, "a session goes on here");
  return restored;
}

/** Of its own events and of its dialect's feed all that is missing; or not at all. */
async function resume(
  { node, cluster, feedOf }: SessionHostParts,
  session: LocalSession,
  { session: id, hash }: RecoveryId,
  offset: Offset,
): Promise<Restored | StoreErrorCode> {
  const restored = await cluster.store.sessions.resume(id, hash, offset.number, node);
  if (typeof restored === "string") return restored;
  const { feed, dialect } = restored.record;
  if (feed === undefined) return restored;
  const place = placeOf(offset, feed);
  if (!(await feedOf(dialect)?.reaches(place))) return "gap";
  session.stand(place);
  return restored;
}

/** Where the client stands by its own account; but where it was told to stand, if it has missed that, or says something earlier. */
function placeOf({ number, place }: Offset, feed: FeedOffset): string {
  if (place === undefined || number < feed.number || entryNumberOf(place) < entryNumberOf(feed.last)) return feed.last;
  return place;
}

/** Who can't be given what it missed has lost it; who does not know the secret is somebody else. The rest came too late. */
function noteRefusal(
  { logger }: SessionHostParts,
  { session }: RecoveryId,
  { number }: Offset,
  refusal: StoreErrorCode,
): void {
  const fields = { session, number, outcome: outcomeOf(refusal) };
  if (refusal === "gap") logger.info(fields, "what a session missed is not kept any more; its client starts anew");
  else if (refusal === "wrongSecret") logger.warn(fields, "somebody wanted a session back that is another's");
  else logger.debug(fields, "a session is not there any more; its client starts anew");
}

function outcomeOf(refusal: StoreErrorCode): ResumeOutcome {
  if (refusal === "wrongSecret") return "wrong_secret";
  return refusal === "gap" ? "gap" : "unknown";
}

async function giveUp(parts: SessionHostParts, { session }: RecoveryId, refusal: StoreErrorCode): Promise<void> {
  const { node, cluster, metrics, trail } = parts;
  const { nodes, sessions } = cluster.store;
  const record = await sessions.read(session);
  if (record?.node !== node) await nodes.release(node, session);
  if (refusal !== "gap" || !record) return;
  await endSession(clusterWithTrace(trail.ofNoEvent(), cluster), session, record.node, record.epoch);
  metrics.sessionsEnded.inc({ reason: "gap" });
}
