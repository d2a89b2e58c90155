import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { startRedis } from "./redis.ts";
import type { TestRedis } from "./redis-program.ts";

/** A Redis for a cluster, and its return. */
export interface BorrowedRedis {
  readonly server: TestRedis;
  /** Keeps it for the next cluster if it is as it was at its start, or can be made so; stops it otherwise. */
  giveBack(): Promise<void>;
}

/** A server, and the settings and users that it was started with. */
interface KnownRedis {
  readonly server: TestRedis;
  readonly started: string;
}

const ANSWER_MS = 5000;
/** So often is asked whether all others have gone, whose connections Redis drops a moment after they closed them. */
const LOOKS = 50;

/** The servers of this worker that no cluster uses. They end with it. */
const spare: KnownRedis[] = [];

/** A Redis without a key: one that an earlier cluster gave back, or a new one. */
export async function borrowRedis(): Promise<BorrowedRedis> {
  const known = spare.pop() ?? (await startKnown());
  return { server: known.server, giveBack: () => giveBack(known) };
}

async function startKnown(): Promise<KnownRedis> {
  const server = await startRedis();
  try {
    return { server, started: await withRedis(server, settingsOf) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function giveBack(known: KnownRedis): Promise<void> {
  const isLikeNew = await withRedis(known.server, (redis) => renew(redis, known.started)).catch(() => false);
  if (isLikeNew) spare.push(known);
  else await known.server.stop();
}

/**
 * Takes out of a server all that a cluster left there.
 * @returns `false` when somebody is still connected, who might go on writing, or has changed a setting or a user
 */
async function renew(redis: Redis, started: string): Promise<boolean> {
  for (let look = 1; (await connections(redis)) > 1; look += 1) {
    if (look === LOOKS) return false;
    await wait(10);
  }
  if ((await settingsOf(redis)) !== started) return false;
  await redis.flushall("SYNC");
  await redis.call("ACL", "LOG", "RESET");
  await redis.call("SLOWLOG", "RESET");
  await redis.config("RESETSTAT");
  return true;
}

async function connections(redis: Redis): Promise<number> {
  const list = String(await redis.client("LIST"));
  return list.trim().split("\n").length;
}

async function settingsOf(redis: Redis): Promise<string> {
  return JSON.stringify([await redis.config("GET", "*"), await redis.call("ACL", "LIST")]);
}

async function withRedis<T>({ url }: TestRedis, use: (redis: Redis) => Promise<T>): Promise<T> {
  const once = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, commandTimeout: ANSWER_MS };
  const redis = new Redis(url, { ...once, connectTimeout: ANSWER_MS });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
