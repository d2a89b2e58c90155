import { hostname } from "node:os";
import { Passwords } from "@switchyard/auth";
import { type Dialect, dialectLimitsOf, openContexts, dialects as registered } from "@switchyard/dialects";
import type { DialectName, NodeId } from "@switchyard/protocol";
import { findRedis, type Logger, processId } from "@switchyard/runtime";
import { Channels, openStore, Traces } from "@switchyard/store";
import { Admission } from "./admission/admission.ts";
import { TokenExpiry } from "./admission/token-expiry.ts";
import { openTokens } from "./admission/tokens.ts";
import { DialectChannels } from "./broadcast/dialect-channels.ts";
import { allowedOrigins, type SignalingConfig, version } from "./config.ts";
import { DialectRegistry } from "./events/dialect-registry.ts";
import { Opening } from "./events/opening.ts";
import { besideClientFiles } from "./http/client-files.ts";
import { createHttp } from "./http/server.ts";
import { ClusterFigures } from "./http/statistics.ts";
import { drainNode } from "./lifecycle/drain.ts";
import { Lease } from "./lifecycle/lease.ts";
import { followOrders } from "./lifecycle/operator-orders.ts";
import { Readiness } from "./lifecycle/readiness.ts";
import { doubtsAboutTimes } from "./lifecycle/recovery-times.ts";
import { Limits } from "./limits/limits.ts";
import { observerOf } from "./sessions/delivery-observer.ts";
import { HeldSessions } from "./sessions/held-sessions.ts";
import { LeaseTerms } from "./sessions/lease-terms.ts";
import type { LocalSession } from "./sessions/local-session.ts";
import { OutboxSubscriptions } from "./sessions/outbox-subscriptions.ts";
import { Retention } from "./sessions/retention.ts";
import { SessionHost } from "./sessions/session-host.ts";
import { openGateway } from "./socket/gateway.ts";
import { ClusterCounters } from "./telemetry/cluster-counters.ts";
import { EventTracing } from "./telemetry/event-tracing.ts";
import { Metrics } from "./telemetry/metrics.ts";

/** A running signaling node. */
export interface SignalingNode {
  readonly id: NodeId;
  readonly port: number;
  /** Lets every session go on at other nodes, then stops. */
  stop(): Promise<void>;
}

/** The things a node is started with. `stops` takes down what has been started so far, in reverse order. */
interface Start {
  readonly config: SignalingConfig;
  readonly dialects: readonly Dialect[];
  readonly node: NodeId;
  readonly logger: Logger;
  readonly stops: AsyncDisposableStack;
}

/**
 * Starts a node: Redis first, then its subscriptions, its lease and the port. A start that fails takes down what it has started.
 * @param dialects the dialects that the node serves
 * @throws UnusableRedisError, an Error for a `ROOT_DIALECT` that is not served, or the port's error
 */
export async function startNode(
  config: SignalingConfig,
  createLog: (node: NodeId) => Logger,
  dialects: readonly Dialect[] = registered,
): Promise<SignalingNode> {
  const node = processId(config.NODE_NAME);
  const stops = new AsyncDisposableStack();
  try {
    const port = await start({ config, dialects, node, logger: createLog(node), stops });
    return { id: node, port, stop: () => stops.disposeAsync() };
  } catch (error) {
    await stops.disposeAsync();
    throw error;
  }
}

/** @returns the port that the node listens on */
async function start(options: Start): Promise<number> {
  const { config, node, logger, stops } = options;
  for (const doubt of doubtsAboutTimes(config)) logger.warn(doubt);
  const state = await openState(options);
  const sessions = await openSessions(options, state, () => lease.renew());
  const { host, dialectChannels, channels, readiness, reconcile } = sessions;
  const lease: Lease = new Lease({ ...state, node, logger }, config.LEASE_MS, {
    onLapse: () => {
      state.metrics.leaseLapses.inc();
      reconcile();
    },
    onRenewed: () => void host.reconcile(state.leaseTerms.staleAmong(state.sessions.all)),
    isHeld: (session) => state.sessions.holds(session),
    reclaim: (session) => host.reclaim(session),
    onEnded: (count) => {
      state.metrics.sessionsEnded.inc({ reason: "grace" }, count);
      dialectChannels.changed();
    },
  });
  stops.defer(() => lease.stop());
  await lease.take(); // before the first connection, and kept until the last session is detached
  state.redis.on("ready", () => void lease.renew().then((hasLapsed) => hasLapsed || reconcile())); // first: all else waits for it
  const { http, io } = await openServer(options, state, sessions);
  stops.defer(() => drainNode({ ...state, host, readiness, io, http }, config.SHUTDOWN_MS));
  await http.listen({ port: config.PORT, host: config.HOST });
  const { port } = http.server.address() as { port: number };
  await followOrders(channels, { ...state, node, logger, io });
  const [pid, started] = [String(process.pid), String(state.store.clock.now())];
  const noticeMs = String(config.PING_INTERVAL_MS + config.PING_TIMEOUT_MS);
  await lease.begin({ service: "signaling", port: String(port), pid, host: hostname(), version, started, noticeMs });
  logger.info({ port }, "listening");
  return port;
}

type State = Awaited<ReturnType<typeof openState>>;

/** Redis and the state in it, the sessions that the node holds, and what is measured and logged. */
async function openState({ config, dialects, node, logger, stops }: Start) {
  const servers = await findRedis(config);
  const redis = await servers.open(node);
  stops.defer(() => redis.disconnect());
  const subscriber = await servers.openSubscriber(`${node}-sub`, redis);
  stops.defer(() => subscriber.disconnect());
  const [sessions, leaseTerms] = [new HeldSessions(), new LeaseTerms()];
  const metrics = new Metrics(node, dialects, () => sessions.size);
  const store = await openStore(redis, {
    outboxEvents: config.OUTBOX_EVENTS,
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const clusterCounters = new ClusterCounters(store, onFailure);
  clusterCounters.begin();
  stops.defer(() => clusterCounters.stop());
  const tracing = new EventTracing({ traces: new Traces(store.clock), logger, metrics });
  const observe = (dialect: Dialect) => observerOf(dialect, { metrics, clusterCounters, tracing });
  const contexts = openContexts(dialects, store, dialectLimitsOf(config), observe);
  const cluster = { store, contexts, graceMs: config.RECONNECT_GRACE_MS };
  const registry = new DialectRegistry(dialects, contexts, config.ROOT_DIALECT);
  const figures = new ClusterFigures(cluster);
  return { redis, subscriber, store, cluster, registry, sessions, leaseTerms, metrics, figures, tracing, onFailure };
}

type Sessions = Awaited<ReturnType<typeof openSessions>>;

/** Resolves when everything is subscribed to that is not a session's own: before any client may connect. */
async function openSessions({ config, node, logger, stops }: Start, state: State, renewLease: () => Promise<unknown>) {
  const { metrics, redis, store, registry, leaseTerms, tracing, onFailure } = state;
  const onDelivered = (trace: string) => tracing.feedDelivered(trace);
  const dialectChannels = new DialectChannels(registry.all, store, onFailure, onDelivered, (dialect, entries) =>
    metrics.feedLate.add(entries, dialect),
  );
  stops.defer(() => dialectChannels.stop());
  const reconcile = () => {
    void host.reconcile();
    dialectChannels.reconcile();
  };
  const channels = new Channels(state.subscriber, reconcile);
  const subscriptions = new OutboxSubscriptions(channels);
  const feedOf = (dialect: DialectName | "") => dialectChannels.feedOf(dialect);
  const pageLeftGraceMs = Math.min(config.PAGE_LEFT_GRACE_MS, config.RECONNECT_GRACE_MS);
  const parts = { ...state, node, logger, subscriptions, feedOf, pageLeftGraceMs, renewLease };
  const host: SessionHost = new SessionHost(parts);
  const readiness = new Readiness(redis, channels, node, () =>
    leaseTerms.coversAll(state.sessions.all, store.clock.now()),
  );
  await dialectChannels.open(channels);
  await readiness.begin();
  metrics.watchReadiness(readiness);
  metrics.watchClock(store.clock);
  metrics.watchQueues(() => state.figures.queueLengths.get());
  return { channels, host, dialectChannels, readiness, reconcile };
}

/** HTTP and Socket.IO on one server, which does not listen yet. */
async function openServer({ config, node, logger, stops }: Start, state: State, sessions: Sessions) {
  const { metrics, redis, store, cluster, registry, tracing } = state;
  const { host, dialectChannels, readiness } = sessions;
  const tokens = await openTokens(config, store, logger);
  const limits = new Limits({ config, redis, store, node, logger });
  limits.connections.begin();
  stops.defer(() => limits.connections.stop());
  const accounts = {
    passwords: await Passwords.create(),
    issuer: tokens.issuer,
    dialect: registry.openedByToken?.dialect.name,
    limits: limits.accounts,
  };
  const security = { origins: allowedOrigins(config), limits, metrics };
  const { verifier } = tokens;
  const http = createHttp(
    { config, node, cluster, readiness, metrics, figures: state.figures, limits, verifier, accounts },
    security,
    logger,
  );
  stops.defer(() => http.close());
  const admission = new Admission({ mode: config.TOKEN_MODE, verifier, registry });
  const opening = new Opening({ host, dialectChannels, registry });
  const expiry = new TokenExpiry<LocalSession>();
  stops.defer(() => expiry.stop());
  const retention = new Retention(store.confirmedEvents, logger);
  const gateway = { admission, expiry, host, dialectChannels, registry, opening, limits, retention, tracing };
  const io = besideClientFiles(http.server, () => openGateway(http.server, { ...gateway, config, logger, metrics }));
  stops.defer(() => io.close());
  return { http, io };
}
