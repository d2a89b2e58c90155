import type { Cluster, DeliveryObserver } from "@switchyard/core";
import { type Dialect, dialectLimitsOf, openContexts } from "@switchyard/dialects";
import type { NodeId } from "@switchyard/protocol";
import { findRedis, type Logger, type RedisSubscriber } from "@switchyard/runtime";
import { openStore, type Store, Traces } from "@switchyard/store";
import type { Redis } from "ioredis";
import type { SignalingConfig } from "./config.ts";
import { DialectRegistry } from "./events/dialect-registry.ts";
import { HeldSessions } from "./sessions/held-sessions.ts";
import { ClusterCounters } from "./telemetry/cluster-counters.ts";
import { EventTracing } from "./telemetry/event-tracing.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { PairingWaitTimer } from "./telemetry/pairing-wait-timer.ts";

/** What all parts of a node stand on: Redis and the state in it, the sessions that are here, and what is measured and logged. */
export interface Base {
  readonly node: NodeId;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly redis: Redis;
  /** A connection that only subscribes. */
  readonly subscriber: RedisSubscriber;
  readonly store: Store;
  readonly cluster: Cluster;
  readonly registry: DialectRegistry;
  readonly sessions: HeldSessions;
  readonly clusterCounters: ClusterCounters;
  readonly tracing: EventTracing;
  readonly waitTimer: PairingWaitTimer;
  /** A background task failed that is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** @throws UnusableRedisError, or an Error for a `ROOT_DIALECT` that is not served */
export async function openBase(
  config: SignalingConfig,
  dialects: readonly Dialect[],
  node: NodeId,
  logger: Logger,
): Promise<Base> {
  const servers = await findRedis(config);
  const redis = await servers.open(node);
  const subscriber = await servers.openSubscriber(`${node}-sub`, redis);
  const sessions = new HeldSessions();
  const metrics = new Metrics(node, dialects, () => sessions.size);
  const store = await openStore(redis, {
    outboxEvents: config.OUTBOX_EVENTS,
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const clusterCounters = new ClusterCounters(store, onFailure);
  const tracing = new EventTracing({ traces: new Traces(store.clock), logger, metrics });
  const waitTimer = new PairingWaitTimer(metrics);
  const observe = (dialect: Dialect) => observerOf(dialect, { metrics, clusterCounters, waitTimer, sessions, tracing });
  const contexts = openContexts(dialects, store, dialectLimitsOf(config), observe);
  const cluster = { store, contexts, graceMs: config.RECONNECT_GRACE_MS };
  return {
    node,
    logger,
    metrics,
    redis,
    subscriber,
    store,
    cluster,
    registry: new DialectRegistry(dialects, contexts, config.ROOT_DIALECT),
    sessions,
    clusterCounters,
    tracing,
    waitTimer,
    onFailure,
  };
}

/** Counts what reaches participants, and what does not. */
function observerOf(
  dialect: Dialect,
  {
    metrics,
    clusterCounters,
    waitTimer,
    sessions,
    tracing,
  }: Pick<Base, "metrics" | "clusterCounters" | "waitTimer" | "sessions" | "tracing">,
): DeliveryObserver {
  return (delivery) => {
    const { verb, outcomes, ticket } = delivery;
    const { type } = delivery.packet;
    const wanted = outcomes.length;
    const reached = outcomes.filter((outcome) => outcome === "delivered").length;
    tracing.onDelivery?.(delivery);
    metrics.eventsOut.add(reached, dialect.name, type);
    metrics.deliveries.add(reached, "delivered");
    // what is said to a room is one message, whoever of it has just gone; told one of them again, it is no other
    if (type === "said" ? verb !== "deliver" : reached === wanted) clusterCounters.count(dialect.name, type);
    if (reached < wanted) return metrics.deliveries.add(wanted - reached, "absent");
    const session = ticket && sessions.find(delivery.sessions[0] ?? "");
    if (session) waitTimer.begin(session, ticket);
  };
}
