import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { CleanUp } from "../clean-up.ts";
import { onFreePort } from "../ports.ts";
import { runRedisServer } from "./redis-program.ts";

/** One of several servers that belong together, and a connection to it that may do everything. */
export interface RedisProcess {
  readonly port: number;
  readonly redis: Redis;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Starts a `redis-server` with further arguments, or with the lines of a configuration file of its own. */
export function startRedisProcess(
  cleanUp: CleanUp,
  args: readonly string[],
  lines?: readonly string[],
): Promise<RedisProcess> {
  return onFreePort((port) => startOn(port, cleanUp, args, lines));
}

async function startOn(
  port: number,
  cleanUp: CleanUp,
  args: readonly string[],
  lines?: readonly string[],
): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-redis-"));
  cleanUp.add(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "server.conf");
  if (lines) await writeFile(file, lines.join("\n"));
  const address = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
  const redis = new Redis(port, "127.0.0.1", { lazyConnect: true, retryStrategy: () => 100 });
  redis.on("error", () => {});
  cleanUp.add(() => redis.disconnect());
  const server = await runRedisServer([...(lines ? [file] : []), ...address, ...args], async () => {
    if (redis.status === "wait" || redis.status === "end") await redis.connect();
    return redis.info();
  });
  const kill = async () => {
    redis.disconnect();
    await server.kill();
  };
  cleanUp.add(kill);
  return { port, redis, kill };
}
