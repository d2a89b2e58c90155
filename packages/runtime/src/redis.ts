import { Redis } from "ioredis";
import { batchWrites } from "./batched-writes.ts";
import { watchHeartbeat } from "./heartbeat.ts";

/** Thrown at the start when the Redis that was given can't be used; `message` says what to do. */
export class UnusableRedisError extends Error {
  override readonly name = "UnusableRedisError";
}

/**
 * Opens one connection that fails fast: a command that can't be sent now, or whose answer was lost, is rejected and never sent
 * again behind the caller's back, because a repeated `deliver` would double a message.
 * @param name shown by Redis in `CLIENT LIST`
 */
export function openRedis(url: string, name: string): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false, // whoever subscribes does it again, knowing when it is done
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
  });
  batchWrites(redis);
  watchHeartbeat(redis);
  redis.on("error", () => {}); // said by whoever watches readiness; without a listener it would end the process
  return redis;
}

/**
 * Connects and makes sure that this is Redis 7 or newer (sharded pub/sub, `#!lua` scripts), or Valkey 8 or newer.
 * @throws UnusableRedisError
 */
export async function connectRedis(redis: Redis): Promise<Redis> {
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableRedisError(
      `Redis at ${addressOf(redis)} can't be reached (${reason}): start it, or set REDIS_URL.`,
    );
  }
  const problem = versionProblem(String(await redis.info("server")));
  if (problem === undefined) return redis;
  redis.disconnect();
  throw new UnusableRedisError(`Redis at ${addressOf(redis)} is too old: ${problem}`);
}

/** What is wrong with the server that answered this `INFO server`, if anything. */
export function versionProblem(info: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  const version = valkey ?? field("redis_version") ?? "unknown";
  const needed = valkey === undefined ? 7 : 8;
  if (Number.parseInt(version, 10) >= needed) return undefined;
  const product = valkey === undefined ? "Redis" : "Valkey";
  return `it is ${product} ${version}, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.`;
}

function addressOf(redis: Redis): string {
  return `${redis.options.host}:${redis.options.port}`;
}
