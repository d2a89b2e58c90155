import { setTimeout as wait } from "node:timers/promises";
import { clusterWithTrace, detach, disconnect, endSession } from "@switchyard/core";
import type { Store, Trace } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";
import type { SessionHostParts } from "./session-host-parts.ts";

/**
 * Why a connection of a session is let go: its client has disconnected itself; the session is to end; the page was closed or left, and
 * a short grace begins; or it is only the connection that is gone, and the session's grace begins.
 */
export type CloseReason = "disconnect" | "end" | "pageLeft" | "drop";

const logMessages: Readonly<Record<CloseReason, string>> = {
  disconnect: "a session ends: its client disconnected",
  end: "a session ends",
  pageLeft: "a session's grace begins, the short one of a page that was left",
  drop: "a session's grace begins",
};

/**
 * Does with a session what the parting from its connection asks for.
 * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
 */
export async function closeSession(
  parts: SessionHostParts,
  session: LocalSession,
  reason: CloseReason,
  deadline: number | undefined,
): Promise<void> {
  const { subscriptions, metrics, tracing, logger } = parts;
  const { session: id, dialect } = session.participant;
  const trace = tracing.background();
  logger.debug({ trace: trace.id, session: id, dialect }, logMessages[reason]);
  if (reason === "drop" || reason === "pageLeft") {
    const graceMs = reason === "drop" ? parts.cluster.graceMs : parts.pageLeftGraceMs;
    await detach({ ...parts.cluster, graceMs }, id, parts.node, session.participant.epoch, deadline);
  } else if (await end(parts, session, reason, trace)) metrics.sessionsEnded.inc({ reason: "left" });
  await subscriptions.unsubscribe(session);
}

/** Whether it ended by that. */
async function end(
  { cluster, node }: SessionHostParts,
  { participant: { session, epoch } }: LocalSession,
  reason: "disconnect" | "end",
  trace: Trace,
): Promise<boolean> {
  const traced = clusterWithTrace(trace, cluster);
  if (reason === "disconnect") return disconnect(traced, session, node);
  return (await endSession(traced, session, node, epoch)) === undefined;
}

/**
 * For so many checks after a takeover the older connection's disconnect counts: it may be on its way when the client is back already.
 * Checks are counted, not the time: a node that stood still goes on with them, and so still reads it.
 */
const CHECKS = 10;
const CHECK_EVERY_MS = 500;

/**
 * Listens a while longer to the connection of a session that another one has taken over, and closes it: as soon as nobody holds the
 * session, since the other connection was refused then, and the client may still be on this one, and has to come back for it.
 */
export async function awaitLateDisconnect(
  { connection, participant }: Pick<LocalSession, "connection" | "participant">,
  sessions: Pick<Store["sessions"], "isConnected">,
  checkEveryMs = CHECK_EVERY_MS,
): Promise<void> {
  const isHeld = () => sessions.isConnected(participant.session).catch(() => true); // Redis is away: nobody knows
  for (let checks = 0; checks < CHECKS; checks += 1) {
    await wait(checkEveryMs, undefined, { ref: false });
    if (!(await isHeld())) break;
  }
  connection?.close();
}
