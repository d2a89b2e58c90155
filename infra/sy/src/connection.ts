import { type Arrangement, findRedis, mastersOf, type RedisConfig } from "@switchyard/runtime";
import type { Redis } from "ioredis";

export interface Connection {
  readonly arrangement: Arrangement;
  readonly redis: Redis;
  /** The servers that have keys. */
  masters(): readonly Redis[];
  close(): void;
}

/**
 * Connects to whatever stands behind `REDIS_URL`: a server, a cluster, or sentinels.
 * @param master which of the masters that sentinels watch, in the place of `REDIS_MASTER`
 * @throws UnusableRedisError
 */
export async function connect(config: RedisConfig, master = config.REDIS_MASTER): Promise<Connection> {
  const servers = await findRedis(master === undefined ? config : { ...config, REDIS_MASTER: master });
  const redis = await servers.open("sy");
  return {
    arrangement: servers.arrangement,
    redis,
    masters: () => mastersOf(redis),
    close: () => redis.disconnect(),
  };
}
