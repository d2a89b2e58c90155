import { clusterTracedBy, detach, finalize } from "@switchyard/core";
import type { LocalSession } from "./local-session.ts";
import type { SessionHostParts } from "./session-host.ts";

/**
 * The connection of a session is gone: with `forGood` the session ends, else its grace begins.
 * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
 */
export async function sayFarewell(
  { node, cluster, hearing, metrics, trail, logger }: SessionHostParts,
  session: LocalSession,
  forGood: boolean,
  deadline: number | undefined,
): Promise<void> {
  const { session: id, epoch, dialect } = session.participant;
  const trace = trail.ofNoEvent();
  logger.debug({ trace: trace.id, session: id, dialect }, forGood ? "a session ends" : "a session's grace begins");
  if (!forGood) await detach(cluster, id, node, epoch, deadline);
  else if ((await finalize(clusterTracedBy(trace, cluster), id, node, epoch)) === undefined) {
    metrics.sessionsEnded.inc({ reason: "left" });
  }
  await hearing.end(session);
}
