import { randomUUID } from "node:crypto";
import { announceWait, type Cluster, type DeliveryObserver } from "@switchyard/core";
import {
  type Dialect,
  dialectLimitsOf,
  openAnnouncer,
  openContexts,
  dialects as registered,
  storeBoundsOf,
} from "@switchyard/dialects";
import { findRedis, type Logger, processId } from "@switchyard/runtime";
import { Channels, openStore, type QueuedTicket, Traces } from "@switchyard/store";
import { AssignmentWorker } from "./assignment-worker.ts";
import { watchCluster } from "./cluster-metrics.ts";
import type { MatchmakerConfig } from "./config.ts";
import { createHttp } from "./http.ts";
import { Metrics } from "./metrics.ts";
import { Pairer } from "./pairer.ts";
import { watchRedis } from "./redis-metrics.ts";
import { Sweeper } from "./sweeper.ts";

const DAY_MS = 86_400_000;

/** A running matchmaker. */
export interface Matchmaker {
  readonly id: string;
  readonly port: number;
  /** Finishes what it has begun and lets others go on. */
  stop(): Promise<void>;
}

/**
 * @param dialects whose participants it pairs, and whose sessions it clears up after
 * @throws UnusableRedisError, or the port's error
 */
export async function startMatchmaker(
  config: MatchmakerConfig,
  createLog: (id: string) => Logger,
  dialects: readonly Dialect[] = registered,
): Promise<Matchmaker> {
  const id = processId(config.NODE_NAME);
  const logger = createLog(id);
  const metrics = new Metrics(id);
  const servers = await findRedis(config);
  const redis = await servers.open(id);
  const subscriber = await servers.openSubscriber(`${id}-sub`, redis);
  const store = await openStore(redis, {
    ...storeBoundsOf(config),
    observe: (command, seconds, answered) =>
      metrics.redisSeconds.observe(seconds, command, answered ? "answered" : "failed"),
  });
  const observe = logger.isLevelEnabled("debug") ? logTo(logger) : () => {};
  const contexts = openContexts(dialects, store, dialectLimitsOf(config), () => observe);
  const cluster: Cluster = { store, contexts, graceMs: config.RECONNECT_GRACE_MS };
  const pairers: Pairer[] = [];
  const channels = new Channels(subscriber, () => {
    for (const pairer of pairers) pairer.startAgain();
  });
  const queues = [...cluster.contexts.values()].flatMap((context) =>
    context.queues.map((queue) => ({ queue, context })),
  );
  watchCluster(metrics.registry, cluster);
  watchRedis(metrics.registry, redis);
  metrics.watchPairers(pairers);
  const workers = await Promise.all(
    queues.map(async ({ queue, context }) => {
      const reader = await servers.open(`${id}-${queue}`);
      return new AssignmentWorker({ matchmaker: id, queue, context, reader, logger, metrics });
    }),
  );
  for (const { queue, context } of queues) {
    const parts = { matchmaker: id, queue, store, channels, widenMs: config.MATCH_WIDEN_MS, newRoom: randomUUID };
    const notify = (queued: QueuedTicket) => announceWait(context, queue, queued);
    pairers.push(new Pairer({ ...parts, announceWait: notify, logger, metrics }));
  }
  const onFailure = (error: unknown) => logger.warn({ err: error }, "a background task failed; it is tried again");
  const announcers = [...contexts.values()].flatMap((context) => openAnnouncer(context, onFailure) ?? []);
  const traces = new Traces(store.clock);
  const sweeper = new Sweeper({
    cluster,
    traces,
    announcers,
    reportRetentionMs: config.REPORT_RETENTION_DAYS * DAY_MS,
    auditRetentionMs: config.AUDIT_RETENTION_DAYS * DAY_MS,
    openRetrying: () => servers.openRetrying(`${id}-jobs`),
    logger,
    metrics,
  });
  const http = createHttp({ app: config.APP_NAME, id, redis, metrics });
  await http.listen({ port: config.PORT, host: config.HOST });
  const port = (http.server.address() as { port: number }).port;
  for (const part of [...workers, ...pairers, sweeper]) await part.begin();
  logger.info({ port }, "pairing");

  const stop = async () => {
    await Promise.allSettled(pairers.map((pairer) => pairer.stop()));
    await Promise.allSettled([...workers.map((worker) => worker.stop()), sweeper.stop()]);
    for (const announcer of announcers) announcer.stop();
    await http.close();
    redis.disconnect();
    subscriber.disconnect();
  };
  return { id, port, stop };
}

/** Every delivery, with the trace of what led to it. */
function logTo(logger: Logger): DeliveryObserver {
  return ({ packet: { trace, type }, sessions, outcomes, room }) => {
    for (const [i, session] of sessions.entries()) {
      logger.debug({ trace: trace?.id, session, room, type, outcome: outcomes[i] }, "event to a session");
    }
  };
}
