import { setTimeout as wait } from "node:timers/promises";
import type { Redis } from "ioredis";

const ROOM_BYTES = 8_000_000;
const FILLER = "filler";
/** Ever smaller ones, so that in the end there is room for nothing. */
const SIZES = [262_144, 4096, 64];

/** Whether Redis refuses what needs more memory. */
export async function isFull(redis: Redis): Promise<boolean> {
  return (await append(redis, 1)) === "full";
}

/**
 * Fills a Redis to its `maxmemory`, and keeps it full whatever becomes free.
 * @returns what makes it free again
 */
export async function fill(redis: Redis): Promise<() => Promise<void>> {
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  await redis.config("SET", "maxmemory", used + ROOM_BYTES);
  const state = { isFilling: true };
  const fillUp = async () => {
    for (const size of SIZES) while (state.isFilling && (await append(redis, size)) === "added");
  };
  await fillUp();
  const filling = (async () => {
    while (state.isFilling) {
      await fillUp();
      await wait(5);
    }
  })();
  return async () => {
    state.isFilling = false;
    await filling;
    await redis.config("SET", "maxmemory", 0);
    await redis.del(FILLER);
  };
}

async function append(redis: Redis, bytes: number): Promise<"added" | "full"> {
  try {
    await redis.rpush(FILLER, "x".repeat(bytes));
    return "added";
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("OOM")) return "full";
    throw error;
  }
}
