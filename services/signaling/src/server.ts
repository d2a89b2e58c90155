import { type Cluster, type Context, Population } from "@switchyard/core";
import { DialectWire, dialects, packetOf } from "@switchyard/dialects";
import type { DialectName, NodeId } from "@switchyard/protocol";
import { connectRedis, type Logger, openRedis, processId } from "@switchyard/runtime";
import { Channels, openStore, type Store } from "@switchyard/store";
import type { SignalingConfig } from "./config.ts";
import { closeInSteps } from "./drain.ts";
import { openGateway } from "./gateway.ts";
import { Hearing } from "./hearing.ts";
import { createHttp } from "./http/server.ts";
import { Lease } from "./lease.ts";
import { Lobby } from "./lobby.ts";
import { Metrics } from "./metrics.ts";
import { Readiness } from "./readiness.ts";
import { SessionHost } from "./session-host.ts";
import { Speeches } from "./speech.ts";
import { Tally } from "./tally.ts";

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
  const redis = await connectRedis(openRedis(config.REDIS_URL, id));
  const subscriber = await connectRedis(openRedis(config.REDIS_URL, `${id}-sub`));
  const metrics: Metrics = new Metrics(id, () => host.sessions.length);
  const store = await openStore(redis, {
    outboxEvents: config.OUTBOX_EVENTS,
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const tally = new Tally(store, onFailure);
  const cluster = { store, contexts: contextsOf(store, metrics, tally), graceMs: config.RECONNECT_GRACE_MS };
  const populations = populationsOf(cluster, onFailure);
  const channels = new Channels(subscriber, () => void host.checkAll());
  const host: SessionHost = new SessionHost({ node: id, cluster, hearing: new Hearing(channels), logger, metrics });
  redis.on("ready", () => void host.checkAll());

  const lobby = new Lobby(cluster, populations);
  const readiness = new Readiness(redis, channels, id);
  await lobby.open(channels);
  await readiness.begin();
  const http = createHttp({ app: config.APP_NAME, node: id, store, readiness, metrics }, logger);
  const speeches = new Speeches(cluster.contexts, config.ROOT_DIALECT);
  const io = openGateway(http.server, { config, host, lobby, speeches, logger, metrics });
  const lease = new Lease({ node: id, cluster, hearing: new Hearing(channels), logger, metrics }, config.LEASE_MS, {
    onLapse: () => void host.checkAll(),
    isHeld: (session) => host.holds(session),
    reclaim: (session) => host.reclaim(session),
    onEnded: (count) => {
      metrics.sessionsEnded.inc({ reason: "grace" }, count);
      for (const population of populations.values()) population.changed();
    },
  });
  await http.listen({ port: config.PORT, host: config.HOST });
  const port = (http.server.address() as { port: number }).port;
  await lease.begin({ service: "signaling", port: String(port), pid: String(process.pid) });
  tally.begin();
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
    for (const population of populations.values()) population.stop();
    await tally.stop();
    redis.disconnect();
    subscriber.disconnect();
  };
  return { id, port, stop };
}

function contextsOf(store: Store, metrics: Metrics, tally: Tally): Map<DialectName, Context> {
  return new Map(
    dialects.map((dialect) => {
      const wire = new DialectWire(store, dialect, (type, wanted, reached) => {
        metrics.eventsOut.add(reached, dialect.name, type);
        metrics.deliveries.add(reached, "delivered");
        if (reached < wanted) metrics.deliveries.add(wanted - reached, "absent");
        else tally.count(dialect.name, type);
      });
      return [dialect.name, { dialect: dialect.name, queues: dialect.queues, store, wire }];
    }),
  );
}

function populationsOf({ contexts }: Cluster, onFailure: (error: unknown) => void): Map<DialectName, Population> {
  return new Map([...contexts].map(([name, context]) => [name, new Population(context, onFailure)]));
}
