import { keys } from "@switchyard/store";
import { Redis } from "ioredis";

const KEY = keys.secret("kept");

/** Writes a text into a Redis: in a transaction, as scripts write too, which Redis reads in again with the rights of the user `default`. */
export function keepText(url: string, text: string): Promise<unknown> {
  return withRedis(url, (redis) => redis.multi().set(KEY, "").set(KEY, text).exec());
}

/** The text that was written, if it is still there. */
export function keptText(url: string): Promise<string | null> {
  return withRedis(url, (redis) => redis.get(KEY));
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  redis.on("error", () => {});
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
