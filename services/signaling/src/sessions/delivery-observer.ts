import type { DeliveryObserver } from "@switchyard/core";
import type { Dialect } from "@switchyard/dialects";
import type { ClusterCounters } from "../telemetry/cluster-counters.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { PairingWaitTimer } from "../telemetry/pairing-wait-timer.ts";
import type { HeldSessions } from "./held-sessions.ts";

export interface DeliveryObserverParts {
  readonly metrics: Metrics;
  readonly clusterCounters: ClusterCounters;
  readonly waitTimer: PairingWaitTimer;
  readonly sessions: HeldSessions;
  readonly tracing: EventTracing;
}

/** Counts the events that reach participants of a dialect, and those that do not. */
export function observerOf(
  dialect: Dialect,
  { metrics, clusterCounters, waitTimer, sessions, tracing }: DeliveryObserverParts,
): DeliveryObserver {
  return (delivery) => {
    const { verb, outcomes, ticket } = delivery;
    const { type } = delivery.packet;
    const wanted = outcomes.filter((outcome) => outcome !== "repeated").length;
    const reached = outcomes.filter((outcome) => outcome === "delivered").length;
    tracing.onDelivery?.(delivery);
    metrics.eventsOut.add(reached, dialect.name, type);
    metrics.deliveries.add(reached, "delivered");
    // a message to a room counts once, even if a member has just left; sent again to one session, it does not count again
    if (type === "said" ? verb !== "deliver" : reached === wanted) clusterCounters.count(dialect.name, type);
    if (reached < wanted) return metrics.deliveries.add(wanted - reached, "absent");
    const session = ticket && sessions.find(delivery.sessions[0] ?? "");
    if (session) waitTimer.begin(session, ticket);
  };
}
