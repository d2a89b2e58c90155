import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../ports.ts";
import { startLocalRedis } from "./redis.ts";
import type { TestRedis } from "./redis-program.ts";

/** A Redis with an append-only file, that can crash and come back on the same port with what it had acknowledged. */
export interface LastingRedis extends TestRedis {
  crash(): Promise<void>;
  startAgain(): Promise<void>;
}

export async function startLastingRedis(): Promise<LastingRedis> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-redis-"));
  const port = await freePort();
  const start = async () => {
    const redis = await startLocalRedis({ appendOnly: true, directory, port });
    const client = new Redis(redis.url);
    await client.config("SET", "appendfsync", "always"); // a crash of the process then loses nothing it acknowledged
    client.disconnect();
    return redis;
  };
  let running = await start();
  return {
    url: running.url,
    port,
    get pid() {
      return running.pid;
    },
    crash: () => running.stop(),
    startAgain: async () => {
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
