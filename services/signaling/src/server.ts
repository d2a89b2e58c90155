import { hostname } from "node:os";
import { Passwords } from "@switchyard/auth";
import { type DeliveryObserver, type Dialect, limitsOf, openContexts, packetOf } from "@switchyard/dialects";
import type { DialectName, NodeId } from "@switchyard/protocol";
import { findRedis, type Logger, processId } from "@switchyard/runtime";
import { Channels, openStore, Traces } from "@switchyard/store";
import { Admission } from "./auth.ts";
import { allowedOrigins, type SignalingConfig } from "./config.ts";
import { heedOrders } from "./control.ts";
import { closeInSteps } from "./drain.ts";
import { openGateway } from "./gateway.ts";
import { Hearing } from "./hearing.ts";
import { createHttp } from "./http/server.ts";
import { Lease } from "./lease.ts";
import { Limits } from "./limits/limits.ts";
import { Lobby } from "./lobby.ts";
import type { LocalSession } from "./local-session.ts";
import { Metrics } from "./metrics.ts";
import { Readiness } from "./readiness.ts";
import { SessionHost } from "./session-host.ts";
import { Speeches } from "./speech.ts";
import { Tally } from "./tally.ts";
import { TokenExpiry } from "./token-expiry.ts";
import { openTokens } from "./tokens.ts";
import { Trail } from "./trail.ts";
import { version } from "./version.ts";

/** A running signaling node. */
export interface SignalingNode {
  readonly id: NodeId;
  readonly port: number;
  /** Lets every session go on at other nodes, then stops. */
  stop(): Promise<void>;
}

/**
 * Starts a node: subscriptions first, then its lease, then the port.
 * @throws UnusableRedisError, or the port's error
 */
export async function startSignaling(
  config: SignalingConfig,
  createLog: (node: NodeId) => Logger,
): Promise<SignalingNode> {
  const id = processId(config.NODE_NAME);
  const logger = createLog(id);
  const servers = await findRedis(config);
  const redis = await servers.open(id);
  const subscriber = await servers.openSubscriber(`${id}-sub`, redis);
  const metrics: Metrics = new Metrics(id, () => host.sessions.length);
  const store = await openStore(redis, {
    outboxEvents: config.OUTBOX_EVENTS,
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const tally = new Tally(store, onFailure);
  const trail = new Trail({ traces: new Traces(store.clock), logger, metrics });
  const observe = (dialect: Dialect) => observerOf(dialect, metrics, tally);
  const contexts = openContexts(store, limitsOf(config), observe, trail.follow);
  const cluster = { store, contexts, graceMs: config.RECONNECT_GRACE_MS };
  const onTold = (trace: string) => trail.posted(trace);
  const lobby = new Lobby(cluster, onFailure, onTold, (dialect, entries) => metrics.feedLate.add(entries, dialect));
  const compare = () => {
    void host.checkAll();
    lobby.compare();
  };
  const channels = new Channels(subscriber, compare);
  const hearing = new Hearing(channels);
  const feedOf = (dialect: DialectName | "") => lobby.feedOf(dialect);
  const host: SessionHost = new SessionHost({ node: id, cluster, hearing, feedOf, logger, metrics, trail });
  redis.on("ready", compare);

  const readiness = new Readiness(redis, channels, id);
  await lobby.open(channels);
  await readiness.begin();
  metrics.watchReadiness(readiness);
  metrics.watchClock(store.clock);
  const tokens = await openTokens(config, store, logger);
  const limits = new Limits({ config, redis, store, node: id, logger });
  const accounts = { passwords: await Passwords.create(), issuer: tokens.issuer, limits: limits.accounts };
  const security = { origins: allowedOrigins(config), limits, metrics };
  const http = createHttp({ config, node: id, store, readiness, metrics, accounts }, security, logger);
  const speeches = new Speeches(cluster.contexts, config.ROOT_DIALECT);
  const admission = new Admission({ mode: config.TOKEN_MODE, verifier: tokens.verifier, speeches });
  const expiry = new TokenExpiry<LocalSession>();
  const speaking = { admission, expiry, host, lobby, speeches, limits, trail };
  const io = openGateway(http.server, { ...speaking, config, logger, metrics });
  const lease = new Lease({ node: id, cluster, logger, trail }, config.LEASE_MS, {
    onLapse: () => {
      metrics.leaseLapses.inc();
      compare();
    },
    isHeld: (session) => host.holds(session),
    reclaim: (session) => host.reclaim(session),
    onEnded: (count) => {
      metrics.sessionsEnded.inc({ reason: "grace" }, count);
      lobby.changed();
    },
  });
  await lease.take();
  await http.listen({ port: config.PORT, host: config.HOST });
  const port = (http.server.address() as { port: number }).port;
  await heedOrders(channels, { node: id, io, host, speeches, logger });
  const [pid, started] = [String(process.pid), String(store.clock.now())];
  await lease.begin({ service: "signaling", port: String(port), pid, host: hostname(), version, started });
  tally.begin();
  limits.connections.begin();
  logger.info({ port }, "listening");

  const stop = async () => {
    readiness.drain();
    for (const session of host.sessions) {
      const speech = speeches.named(session.participant.dialect);
      const packet = speech && packetOf(speech.dialect, { type: "shutdown", message: "This server is stopping." });
      if (packet !== undefined) session.connection?.send(packet);
    }
    await closeInSteps(io, config.SHUTDOWN_MS);
    await host.settled(2000);
    await io.close();
    await http.close();
    lease.stop();
    limits.connections.stop();
    expiry.stop();
    lobby.stop();
    await tally.stop();
    redis.disconnect();
    subscriber.disconnect();
  };
  return { id, port, stop };
}

/** Counts what reaches participants, and what does not. */
function observerOf(dialect: Dialect, metrics: Metrics, tally: Tally): DeliveryObserver {
  return (type, wanted, reached) => {
    metrics.eventsOut.add(reached, dialect.name, type);
    metrics.deliveries.add(reached, "delivered");
    if (reached < wanted) metrics.deliveries.add(wanted - reached, "absent");
    else tally.count(dialect.name, type);
  };
}
