import type { Redis } from "ioredis";
import { accessOf, addressesOf } from "./redis/server-address.ts";
import { openStrict } from "./redis/strict.ts";

export { findRedis } from "./redis/find.ts";
export { type MemoryUse, memoryRatio, memoryUseOf, readMemory } from "./redis/memory.ts";
export { RedisInfo } from "./redis/redis-info.ts";
export type { RedisConfig } from "./redis/server-address.ts";
export {
  type Arrangement,
  answers,
  mastersOf,
  type RedisServers,
  type RedisSubscriber,
  type RetryingRedis,
} from "./redis/servers.ts";
export { connectStrict as connectRedis, UnusableRedisError, versionProblem } from "./redis/strict.ts";

/**
 * Creates a connection to one server, with the options of `strict`. It is not connected yet.
 * @param name shown by Redis in `CLIENT LIST`
 */
export function openRedis(url: string, name: string): Redis {
  const config = { REDIS_URL: url };
  return openStrict({ ...accessOf(config), ...addressesOf(config)[0] }, name);
}
