import type { Redis } from "ioredis";
import { RedisInfo } from "./redis-info.ts";
import { mastersOf } from "./servers.ts";

/** The memory of one server of Redis, in bytes, as it compares the two. */
export interface MemoryUse {
  readonly usedBytes: number;
  /** `maxmemory`; 0: no bound. */
  readonly maxBytes: number;
}

/** Buffers for replicas and for the append-only file do not count: Redis itself leaves them out. */
export function memoryUseOf(info: RedisInfo): MemoryUse {
  const used = (info.number("used_memory") ?? 0) - (info.number("mem_not_counted_for_evict") ?? 0);
  return { usedBytes: used, maxBytes: info.number("maxmemory") ?? 0 };
}

/** The share of `maxmemory` that is used: that of the fullest, of several servers; 0 where there is no bound. */
export function memoryRatio(servers: readonly MemoryUse[]): number {
  return Math.max(0, ...servers.map(({ usedBytes, maxBytes }) => (maxBytes > 0 ? usedBytes / maxBytes : 0)));
}

/** The memory of each server that has keys: one command to each. */
export async function readMemory(redis: Redis): Promise<MemoryUse[]> {
  return Promise.all(
    mastersOf(redis).map(async (server) => memoryUseOf(new RedisInfo(String(await server.info("memory"))))),
  );
}
