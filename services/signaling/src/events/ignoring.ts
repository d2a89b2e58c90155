import type { LocalSession } from "../sessions/local-session.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { binary } from "./event-arguments.ts";
import type { Opening } from "./opening.ts";

/** Why an event is ignored: no dialect that is meant has such an event, or it came with binary. */
export type IgnoreReason = "unknown" | "binary";

interface Ignoring {
  readonly session: LocalSession;
  readonly tracing: Pick<EventTracing, "ignored">;
  readonly metrics: Pick<Metrics, "eventsIgnored">;
  readonly opening: Pick<Opening, "knows">;
}

/**
 * Whether an event is to be ignored: clients that were written for other servers send events that no dialect has, and an error would
 * be shown to their users. Only for events without a callback: a client that waits for an answer gets one.
 */
export function reasonToIgnore(
  { session, opening }: Ignoring,
  event: string,
  args: readonly unknown[],
): IgnoreReason | undefined {
  if (!opening.knows(event, session)) return "unknown";
  return args.includes(binary) ? "binary" : undefined;
}

/** Counts and logs it. The name is the client's choice: neither a label nor a log line has it. */
export function ignore({ session: { participant }, tracing, metrics }: Ignoring, reason: IgnoreReason): void {
  metrics.eventsIgnored.inc({ dialect: participant.dialect || "none", reason });
  tracing.ignored(participant, reason);
}
