import { Cluster, Redis } from "ioredis";
import { ClusterSubscriber } from "./cluster-subscriber.ts";
import { OrderedCluster, withoutClassicPubSub } from "./ordered-cluster.ts";
import { type Access, addressNamed, nameOf, type ServerAddress, type ServerOptions } from "./server-address.ts";
import { connectStrict, openStrict, unreachable } from "./strict.ts";

/** The kind of deployment of Redis. */
export type Arrangement = "single" | "cluster" | "sentinel";

/** A subscriber to sharded pub/sub: one connection, or one to each master of a cluster. */
export type RedisSubscriber = Redis | ClusterSubscriber;

/** A connection that waits for Redis, and sends a command again that had no answer. */
export type RetryingRedis = Redis | Cluster;

/** Redis, in any kind of deployment. */
export interface RedisServers {
  readonly arrangement: Arrangement;
  /**
   * Opens a connection that fails fast, as `strict` says; on a cluster an `OrderedCluster`, which takes the same commands.
   * @param name shown by Redis in `CLIENT LIST`
   * @throws UnusableRedisError
   */
  open(name: string): Promise<Redis>;
  /** Opens a subscriber, beside a connection of `open`. */
  openSubscriber(name: string, beside: Redis): Promise<RedisSubscriber>;
  /** Opens a connection for classic pub/sub, which reaches all servers from whichever it is published at; of a cluster to the first that is named. */
  openClassic(name: string): Promise<Redis>;
  /** For BullMQ, whose commands can be repeated. */
  openRetrying(name: string): RetryingRedis;
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
    openClassic: open,
    openRetrying: (name) => new Redis({ ...options, ...retrying(name) }),
  };
}

/** @param addresses of one or more of its servers */
export function inCluster(addresses: readonly ServerAddress[], access: Access): RedisServers {
  return {
    arrangement: "cluster",
    open: (name) => openCluster(addresses, access, name),
    openSubscriber: async (name, beside) => {
      const open = (owner: string) => openStrict({ ...access, ...addressNamed(owner) }, name);
      const subscriber = new ClusterSubscriber(beside as unknown as OrderedCluster, open);
      await subscriber.connect();
      return subscriber;
    },
    openClassic: (name) => connectStrict(openStrict({ ...access, ...addresses[0] }, name)),
    openRetrying: (name) =>
      withoutClassicPubSub(new Cluster([...addresses], { redisOptions: { ...access, ...retrying(name) } })),
  };
}

async function openCluster(addresses: readonly ServerAddress[], access: Access, name: string): Promise<Redis> {
  const cluster = new OrderedCluster(addresses, access, name);
  try {
    await cluster.connect();
    await cluster.whole();
  } catch (error) {
    cluster.disconnect();
    throw unreachable(addresses.map(nameOf).join(", "), error);
  }
  return cluster as unknown as Redis; // it takes the same commands, and sends each to the server of its keys
}

function retrying(name: string) {
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
