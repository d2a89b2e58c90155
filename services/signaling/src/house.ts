import type { DialectName } from "@switchyard/protocol";
import { Channels } from "@switchyard/store";
import type { Base } from "./base.ts";
import { DialectChannels } from "./broadcast/dialect-channels.ts";
import { readQueueLengths } from "./http/statistics.ts";
import { Readiness } from "./lifecycle/readiness.ts";
import { OutboxSubscriptions } from "./sessions/outbox-subscriptions.ts";
import { SessionHost } from "./sessions/session-host.ts";

/** Where sessions are, once they have been let in: their own channels, and those of everyone. */
export interface House {
  readonly channels: Channels;
  readonly host: SessionHost;
  readonly dialectChannels: DialectChannels;
  readonly readiness: Readiness;
  /** Compares all that this node believes with Redis: it may have missed something. */
  readonly reconcile: () => void;
}

/** Resolves when everything is subscribed to that is not a session's own: before anybody may be let in. */
export async function openHouse(base: Base): Promise<House> {
  const { node, metrics, redis, store, cluster, registry, tracing, onFailure } = base;
  const onDelivered = (trace: string) => tracing.feedDelivered(trace);
  const dialectChannels = new DialectChannels(registry.all, store, onFailure, onDelivered, (dialect, entries) =>
    metrics.feedLate.add(entries, dialect),
  );
  const reconcile = () => {
    void host.reconcileAll();
    dialectChannels.reconcile();
  };
  const channels = new Channels(base.subscriber, reconcile);
  const subscriptions = new OutboxSubscriptions(channels);
  const feedOf = (dialect: DialectName | "") => dialectChannels.feedOf(dialect);
  const host: SessionHost = new SessionHost({ ...base, subscriptions, feedOf });
  redis.on("ready", reconcile);
  const readiness = new Readiness(redis, channels, node);
  await dialectChannels.open(channels);
  await readiness.begin();
  metrics.watchReadiness(readiness);
  metrics.watchClock(store.clock);
  metrics.watchQueues(() => readQueueLengths(cluster));
  return { channels, host, dialectChannels, readiness, reconcile };
}
