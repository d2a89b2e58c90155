import { clusterTracedBy, detach, finalize, sayGoodbye } from "@switchyard/core";
import type { Trace } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";
import type { SessionHostParts } from "./resumption.ts";

/**
 * Why a connection of a session is let go: its client has said goodbye on it; the session is to end; or it is only the connection
 * that is gone, and the session's grace begins.
 */
export type Parting = "goodbye" | "end" | "drop";

const said: Readonly<Record<Parting, string>> = {
  goodbye: "a session ends: its client said goodbye",
  end: "a session ends",
  drop: "a session's grace begins",
};

/**
 * Does with a session what the parting from its connection asks for.
 * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
 */
export async function sayFarewell(
  parts: SessionHostParts,
  session: LocalSession,
  parting: Parting,
  deadline: number | undefined,
): Promise<void> {
  const { hearing, metrics, trail, logger } = parts;
  const { session: id, dialect } = session.participant;
  const trace = trail.ofNoEvent();
  logger.debug({ trace: trace.id, session: id, dialect }, said[parting]);
  if (parting === "drop") await detach(parts.cluster, id, parts.node, session.participant.epoch, deadline);
  else if (await end(parts, session, parting, trace)) metrics.sessionsEnded.inc({ reason: "left" });
  await hearing.end(session);
}

/** Whether it ended by that. */
async function end(
  { cluster, node }: SessionHostParts,
  { participant: { session, epoch } }: LocalSession,
  parting: "goodbye" | "end",
  trace: Trace,
): Promise<boolean> {
  const traced = clusterTracedBy(trace, cluster);
  if (parting === "goodbye") return sayGoodbye(traced, session, node);
  return (await finalize(traced, session, node, epoch)) === undefined;
}
