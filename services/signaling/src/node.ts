import { hostname } from "node:os";
import { PasswordStrength, Passwords } from "@switchyard/auth";
import { type Dialect, dialects as registered } from "@switchyard/dialects";
import type { DialectName, NodeId } from "@switchyard/protocol";
import { type Logger, processId } from "@switchyard/runtime";
import { Channels } from "@switchyard/store";
import { AccountTokens } from "./admission/account-tokens.ts";
import { Admission } from "./admission/admission.ts";
import { TokenExpiry } from "./admission/token-expiry.ts";
import { openTokens } from "./admission/tokens.ts";
import { DialectChannels } from "./broadcast/dialect-channels.ts";
import { allowedOrigins, type SignalingConfig, version } from "./config.ts";
import { Opening } from "./events/opening.ts";
import { besideClientFiles } from "./http/client-files.ts";
import { createHttp } from "./http/server.ts";
import { BanEnforcement } from "./lifecycle/ban-enforcement.ts";
import { drainNode, letClientsGo } from "./lifecycle/drain.ts";
import { Isolation } from "./lifecycle/isolation.ts";
import { Lease } from "./lifecycle/lease.ts";
import { addressesOf } from "./lifecycle/neighbours.ts";
import { followOrders } from "./lifecycle/operator-orders.ts";
import { Readiness } from "./lifecycle/readiness.ts";
import { doubtsAboutTimes } from "./lifecycle/recovery-times.ts";
import { TokenEnforcement } from "./lifecycle/token-enforcement.ts";
import { Limits } from "./limits/limits.ts";
import { MemoryWatermark } from "./limits/memory-watermark.ts";
import { NodeBans } from "./moderation/node-bans.ts";
import { type NodeStart, type NodeState, openState } from "./node-state.ts";
import type { LocalSession } from "./sessions/local-session.ts";
import { OutboxSubscriptions } from "./sessions/outbox-subscriptions.ts";
import { Retention } from "./sessions/retention.ts";
import { SessionHost } from "./sessions/session-host.ts";
import { openGateway } from "./socket/gateway.ts";

/** A running signaling node. */
export interface SignalingNode {
  readonly id: NodeId;
  readonly port: number;
  /** For an extension of the node: with `SOCKET_IO_EMITS=on` it reaches the clients of all nodes. */
  readonly io: Awaited<ReturnType<typeof openServer>>["io"];
  /** Lets every session go on at other nodes, then stops. */
  stop(): Promise<void>;
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
    const started = await start({ config, dialects, node, logger: createLog(node), stops });
    return { id: node, ...started, stop: () => stops.disposeAsync() };
  } catch (error) {
    await stops.disposeAsync();
    throw error;
  }
}

async function start(options: NodeStart): Promise<Pick<SignalingNode, "port" | "io">> {
  const { config, node, logger, stops } = options;
  for (const doubt of doubtsAboutTimes(config)) logger.warn(doubt);
  const state = await openState(options);
  const sessions = await openSessions(options, state, () => lease.renew());
  const { host, dialectChannels, channels, readiness, reconcile } = sessions;
  const isolation = new Isolation({ ...state, readiness, node, logger }, config.LEASE_MS);
  const lease: Lease = new Lease({ ...state, node, logger }, config.LEASE_MS, {
    onLapse: () => {
      state.metrics.leaseLapses.inc();
      reconcile();
    },
    onKept: () => void host.reconcile(state.leaseTerms.staleAmong(state.sessions.all)),
    onRenewed: () => isolation.renewed(),
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
  await lease.begin(infoOf(config, port, state.store.clock.now()));
  isolation.begin(() => letClientsGo(io, config));
  stops.defer(() => isolation.stop());
  logger.info({ port }, "listening");
  return { port, io };
}

/** The node's description, for operators, the sweep and its neighbours. */
function infoOf(config: SignalingConfig, port: number, started: number) {
  return {
    ...{ service: "signaling", host: hostname(), version, pid: String(process.pid), started: String(started) },
    ...{ port: String(port), addresses: addressesOf(config, port).join() },
    noticeMs: String(config.PING_INTERVAL_MS + config.PING_TIMEOUT_MS),
  };
}

type Sessions = Awaited<ReturnType<typeof openSessions>>;

/** Resolves when everything is subscribed to that is not a session's own: before any client may connect. */
async function openSessions(
  { config, node, logger, stops }: NodeStart,
  state: NodeState,
  renewLease: () => Promise<unknown>,
) {
  const { metrics, redis, store, registry, leaseTerms, tracing, onFailure } = state;
  const memory = new MemoryWatermark(redis, config.REDIS_MEMORY_WATERMARK, logger);
  stops.defer(async () => memory.stop());
  const onDelivered = (trace: string) => tracing.feedDelivered(trace);
  const bans = new NodeBans(store, logger);
  stops.defer(async () => bans.stop());
  const dialectChannels = new DialectChannels(registry.all, store, onFailure, onDelivered, (dialect, entries) =>
    metrics.feedLate.add(entries, dialect),
  );
  stops.defer(() => dialectChannels.stop());
  const reconcile = () => {
    void host.reconcile();
    dialectChannels.reconcile();
    void bans.compare();
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
  await bans.begin(channels);
  await readiness.begin();
  await memory.begin();
  metrics.watchReadiness(readiness);
  metrics.watchClock(store.clock);
  metrics.watchBans(bans);
  metrics.watchMemory(memory);
  metrics.watchQueues(() => state.figures.queueLengths.get());
  return { channels, host, dialectChannels, readiness, reconcile, bans, memory };
}

/** HTTP and Socket.IO on one server, which does not listen yet. */
async function openServer({ config, node, logger, stops }: NodeStart, state: NodeState, sessions: Sessions) {
  const { metrics, redis, store, cluster, registry, tracing, onFailure } = state;
  const { host, dialectChannels, readiness, bans, memory } = sessions;
  const { verifier, issuer, devices } = await openTokens(config, store, logger);
  const tokens = new AccountTokens(store, verifier, onFailure);
  await tokens.begin(sessions.channels);
  stops.defer(async () => tokens.stop());
  const strength = new PasswordStrength();
  stops.defer(async () => strength.stop());
  const limits = new Limits({
    ...{ config, redis, store, node, logger },
    nodes: () => state.leaseTerms.nodes,
    onBytes: (bytes, of) => metrics.chargedBytes.add(bytes, of),
  });
  limits.connections.begin();
  stops.defer(() => limits.connections.stop());
  const accounts = {
    passwords: await Passwords.create(),
    ...{ strength, issuer, devices, tokens },
    dialect: registry.openedByToken?.dialect.name,
    limits: limits.accounts,
  };
  const security = { origins: allowedOrigins(config), limits, metrics, adminToken: config.ADMIN_TOKEN };
  const http = createHttp(
    { config, node, cluster, readiness, memory, metrics, figures: state.figures, limits, accounts, tracing, onFailure },
    security,
    logger,
  );
  stops.defer(() => http.close());
  const admission = new Admission({ mode: config.TOKEN_MODE, tokens, registry });
  const opening = new Opening({ host, dialectChannels, registry, bans });
  const expiry = new TokenExpiry<LocalSession>();
  stops.defer(() => expiry.stop());
  const retention = new Retention(store.confirmedEvents, logger);
  const enforcement = new BanEnforcement({ bans, registry, metrics, logger });
  const tokenEnforcement = new TokenEnforcement({ tokens, registry, logger });
  const gateway = {
    ...{ bans, memory, enforcement, tokenEnforcement, admission, expiry, host, readiness },
    ...{ node, dialectChannels, registry, opening, limits, retention, tracing, emits: state.emits },
  };
  const io = besideClientFiles(http.server, () => openGateway(http.server, { ...gateway, config, logger, metrics }));
  stops.defer(() => io.close());
  bans.onFresh = (fresh) => enforcement.enforce(fresh, io);
  return { http, io };
}
