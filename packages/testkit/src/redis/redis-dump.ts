import type { Redis } from "ioredis";

/**
 * Keys that change by themselves: leases, the jobs of the matchmakers, and announcements and counters of each second.
 */
const byItself = /^sy:\{(?:jobs\}|nodes\}:leases$|queue:.*\}:leader$|presence:.*\}:(?:counters|meta)$)/;

/**
 * Everything in a Redis, key by key, for comparison.
 * @param except keys with one of these texts in them are left out
 */
export async function dumpRedis(redis: Redis, except: readonly string[] = []): Promise<Record<string, unknown>> {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, "COUNT", 1000);
    cursor = next;
    keys.push(...found);
  } while (cursor !== "0");
  const wanted = keys.filter((key) => !byItself.test(key) && !except.some((text) => key.includes(text))).sort();
  const entries = await Promise.all(wanted.map(async (key) => [key, await read(redis, key)] as const));
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && !isGone(value) && !isMemory(value)));
}

/** It expired between the question for its type and the one for its content; an empty stream holds nothing either. */
function isGone(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** A room that has ended is remembered for a while. */
function isMemory(value: unknown): boolean {
  return (value as { state?: unknown }).state === "void";
}

async function read(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "set":
      return (await redis.smembers(key)).sort();
    case "zset":
      return redis.zrange(key, "0", "-1", "WITHSCORES");
    case "list":
      return redis.lrange(key, 0, -1);
    case "stream":
      return redis.xrange(key, "-", "+");
    default:
      return undefined; // it has gone since
  }
}
