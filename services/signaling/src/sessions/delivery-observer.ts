import type { DeliveryObserver } from "@switchyard/core";
import type { Dialect } from "@switchyard/dialects";
import type { ClusterCounters } from "../telemetry/cluster-counters.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface DeliveryObserverParts {
  readonly metrics: Metrics;
  readonly clusterCounters: ClusterCounters;
  readonly tracing: EventTracing;
}

/** Counts the events that reach participants of a dialect, and those that do not. */
export function observerOf(
  dialect: Dialect,
  { metrics, clusterCounters, tracing }: DeliveryObserverParts,
): DeliveryObserver {
  return (delivery) => {
    const { verb, outcomes } = delivery;
    const { type } = delivery.packet;
    const wanted = outcomes.filter((outcome) => outcome !== "repeated").length;
    const reached = outcomes.filter((outcome) => outcome === "delivered").length;
    tracing.onDelivery?.(delivery);
    metrics.eventsOut.add(reached, dialect.name, type);
    metrics.deliveries.add(reached, "delivered");
    // a message to a room counts once, even if a member has just left; sent again to one session, it does not count again
    if (type === "said" ? verb !== "deliver" : reached === wanted) clusterCounters.count(dialect.name, type);
    if (reached < wanted) metrics.deliveries.add(wanted - reached, "absent");
  };
}
