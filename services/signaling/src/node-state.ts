import type { Context } from "@switchyard/core";
import { type Dialect, dialectLimitsOf, openContexts, storeBoundsOf } from "@switchyard/dialects";
import type { NodeId } from "@switchyard/protocol";
import { findRedis, type Logger } from "@switchyard/runtime";
import { openStore, Traces } from "@switchyard/store";
import type { SignalingConfig } from "./config.ts";
import { DialectRegistry } from "./events/dialect-registry.ts";
import { ClusterFigures } from "./http/statistics.ts";
import { observerOf } from "./sessions/delivery-observer.ts";
import { HeldSessions } from "./sessions/held-sessions.ts";
import { LeaseTerms } from "./sessions/lease-terms.ts";
import { openEmits } from "./socket/emits.ts";
import { ClusterCounters } from "./telemetry/cluster-counters.ts";
import { EventTracing } from "./telemetry/event-tracing.ts";
import { Metrics } from "./telemetry/metrics.ts";

/** The things a node is started with. `stops` takes down what has been started so far, in reverse order. */
export interface NodeStart {
  readonly config: SignalingConfig;
  readonly dialects: readonly Dialect[];
  readonly node: NodeId;
  readonly logger: Logger;
  readonly stops: AsyncDisposableStack;
}

export type NodeState = Awaited<ReturnType<typeof openState>>;

/** Redis and the state in it, the sessions that the node holds, and what is measured and logged. */
export async function openState({ config, dialects, node, logger, stops }: NodeStart) {
  const servers = await findRedis(config);
  const redis = await servers.open(node);
  stops.defer(() => redis.disconnect());
  const subscriber = await servers.openSubscriber(`${node}-sub`, redis);
  stops.defer(() => subscriber.disconnect());
  const [sessions, leaseTerms] = [new HeldSessions(), new LeaseTerms()];
  const metrics = new Metrics(node, dialects, () => sessions.size);
  const store = await openStore(redis, {
    ...storeBoundsOf(config),
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const clusterCounters = new ClusterCounters(store, onFailure);
  clusterCounters.begin();
  stops.defer(() => clusterCounters.stop());
  const tracing = new EventTracing({ traces: new Traces(store.clock), logger, metrics });
  const observe = (dialect: Dialect) => observerOf(dialect, { metrics, clusterCounters, tracing });
  const opened = openContexts(dialects, store, dialectLimitsOf(config), observe);
  const contexts = new Map([...opened].map(([name, context]) => [name, countingReports(context, metrics)] as const));
  const cluster = { store, contexts, graceMs: config.RECONNECT_GRACE_MS };
  const registry = new DialectRegistry(dialects, contexts, config.ROOT_DIALECT);
  const figures = new ClusterFigures(cluster);
  const emits = await openEmits(config.SOCKET_IO_EMITS === "on", { node, stops, onFailure }, servers);
  return {
    redis,
    emits,
    subscriber,
    store,
    cluster,
    registry,
    sessions,
    leaseTerms,
    metrics,
    figures,
    tracing,
    onFailure,
  };
}

function countingReports(context: Context, { reports }: Metrics): Context {
  return { ...context, onReport: (category) => reports.inc({ dialect: context.dialect, category }) };
}
