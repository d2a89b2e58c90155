import { Cluster, Redis } from "ioredis";
import { ClusterSubscriber } from "./cluster-subscriber.ts";
import { OrderedCluster, withoutClassicPubSub } from "./ordered-cluster.ts";
import { type Access, nameOf, type Place, placeNamed, type ServerOptions } from "./place.ts";
import { connectStrict, openStrict } from "./strict.ts";
import { unreachable } from "./unusable.ts";

/** How Redis is run. */
export type Arrangement = "single" | "cluster" | "sentinel";

/** What hears sharded pub/sub: one connection, or one to each master of a cluster. */
export type Subscriber = Redis | ClusterSubscriber;

/** A connection that waits for Redis, and sends again what had no answer. */
export type PatientRedis = Redis | Cluster;

/** A Redis, however it is run. */
export interface RedisServers {
  readonly arrangement: Arrangement;
  /**
   * Opens a connection that fails fast, as `strict` says; on a cluster an `OrderedCluster`, which takes the same commands.
   * @param name shown by Redis in `CLIENT LIST`
   * @throws UnusableRedisError
   */
  open(name: string): Promise<Redis>;
  /** Opens what subscribes, beside a connection of `open`. */
  openSubscriber(name: string, beside: Redis): Promise<Subscriber>;
  /** For BullMQ, whose steps can be repeated. */
  openPatient(name: string): PatientRedis;
}

export function singleServer(options: ServerOptions): RedisServers {
  return connections("single", options);
}

/** @param options with `sentinels`, and the master's `name` */
export function behindSentinels(options: ServerOptions): RedisServers {
  return connections("sentinel", options);
}

function connections(arrangement: Arrangement, options: ServerOptions): RedisServers {
  const open = (name: string) => connectStrict(openStrict(options, name));
  return {
    arrangement,
    open,
    openSubscriber: open,
    openPatient: (name) => new Redis({ ...options, ...patient(name) }),
  };
}

/** @param places of one or more of its servers */
export function inCluster(places: readonly Place[], access: Access): RedisServers {
  return {
    arrangement: "cluster",
    open: (name) => openCluster(places, access, name),
    openSubscriber: async (name, beside) => {
      const open = (owner: string) => openStrict({ ...access, ...placeNamed(owner) }, name);
      const subscriber = new ClusterSubscriber(beside as unknown as OrderedCluster, open);
      await subscriber.connect();
      return subscriber;
    },
    openPatient: (name) =>
      withoutClassicPubSub(new Cluster([...places], { redisOptions: { ...access, ...patient(name) } })),
  };
}

async function openCluster(places: readonly Place[], access: Access, name: string): Promise<Redis> {
  const cluster = new OrderedCluster(places, access, name);
  try {
    await cluster.connect();
    await cluster.whole();
  } catch (error) {
    cluster.disconnect();
    throw unreachable(places.map(nameOf).join(", "), error);
  }
  return cluster as unknown as Redis; // it takes the same commands, and sends each to the server of its keys
}

function patient(name: string) {
  return { connectionName: name, disableClientInfo: true, maxRetriesPerRequest: null };
}

/** The servers that have keys. */
export function mastersOf(redis: Redis): readonly Redis[] {
  return clusterOf(redis)?.nodes("master") ?? [redis];
}

/** Whether all of Redis answers. */
export async function answers(redis: Redis): Promise<boolean> {
  if (clusterOf(redis)?.isWhole === false) return false;
  return Promise.all(mastersOf(redis).map((server) => server.ping())).then(
    () => true,
    () => false,
  );
}

/** The types of both exclude each other, but `open` gives one for the other. */
function clusterOf(redis: unknown): OrderedCluster | undefined {
  return redis instanceof OrderedCluster ? redis : undefined;
}
