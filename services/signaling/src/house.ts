import type { DialectName } from "@switchyard/protocol";
import { Channels } from "@switchyard/store";
import type { Base } from "./base.ts";
import { Lobby } from "./broadcast/lobby.ts";
import { readQueueLengths } from "./http/statistics.ts";
import { Readiness } from "./lifecycle/readiness.ts";
import { Hearing } from "./sessions/hearing.ts";
import { SessionHost } from "./sessions/session-host.ts";

/** Where sessions are, once they have been let in: their own channels, and those of everyone. */
export interface House {
  readonly channels: Channels;
  readonly host: SessionHost;
  readonly lobby: Lobby;
  readonly readiness: Readiness;
  /** Compares all that this node believes with Redis: it may have missed something. */
  readonly compare: () => void;
}

/** Resolves when everything is subscribed to that is not a session's own: before anybody may be let in. */
export async function openHouse(base: Base): Promise<House> {
  const { node, metrics, redis, store, cluster, trail, onFailure } = base;
  const onTold = (trace: string) => trail.posted(trace);
  const lobby = new Lobby(cluster, onFailure, onTold, (dialect, entries) => metrics.feedLate.add(entries, dialect));
  const compare = () => {
    void host.checkAll();
    lobby.compare();
  };
  const channels = new Channels(base.subscriber, compare);
  const hearing = new Hearing(channels);
  const feedOf = (dialect: DialectName | "") => lobby.feedOf(dialect);
  const host: SessionHost = new SessionHost({ ...base, hearing, feedOf });
  redis.on("ready", compare);
  const readiness = new Readiness(redis, channels, node);
  await lobby.open(channels);
  await readiness.begin();
  metrics.watchReadiness(readiness);
  metrics.watchClock(store.clock);
  metrics.watchQueues(() => readQueueLengths(store));
  return { channels, host, lobby, readiness, compare };
}
