import { Cluster, type Redis } from "ioredis";

/** The servers that have keys: all masters of a cluster, else the one that is there. */
export function mastersOf(redis: Redis | Cluster): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}
