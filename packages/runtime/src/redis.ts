import type { Redis } from "ioredis";
import { accessOf, placesOf } from "./redis/place.ts";
import { openStrict } from "./redis/strict.ts";

export { findRedis } from "./redis/find.ts";
export type { RedisConfig } from "./redis/place.ts";
export {
  type Arrangement,
  answers,
  mastersOf,
  type PatientRedis,
  type RedisServers,
  type Subscriber,
} from "./redis/servers.ts";
export { connectStrict as connectRedis } from "./redis/strict.ts";
export { UnusableRedisError, versionProblem } from "./redis/unusable.ts";

/**
 * Opens a connection to the one server that is meant, as `strict` says. It is not connected yet.
 * @param name shown by Redis in `CLIENT LIST`
 */
export function openRedis(url: string, name: string): Redis {
  const config = { REDIS_URL: url };
  return openStrict({ ...accessOf(config), ...placesOf(config)[0] }, name);
}
