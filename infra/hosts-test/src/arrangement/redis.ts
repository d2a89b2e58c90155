import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import type { Host } from "../hosts/host.ts";

export interface RedisServerOptions {
  readonly host: Host;
  readonly port: number;
  /** Where its files are. */
  readonly directory: string;
  readonly args?: readonly string[];
  /** The lines of a configuration file of its own, which a sentinel needs. */
  readonly lines?: readonly string[];
}

/** Replicas that come together at the same moment are not waited for, and nothing is written to a disk. */
const inMemory = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"];
const pingReplicas = ["--repl-ping-replica-period", "1"];

export const serverArguments: readonly string[] = [...inMemory, ...pingReplicas];

/** Starts a server on a host, and resolves to a connection to it once it answers. */
export async function startServer({ host, port, directory, args = [], lines }: RedisServerOptions): Promise<Redis> {
  const own = join(directory, `${host.name}-${port}`);
  await mkdir(own, { recursive: true });
  const file = join(own, "server.conf");
  await writeFile(file, (lines ?? []).join("\n"));
  const place = ["--port", String(port), "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", own];
  host.start(`redis-${port}`, "redis-server", [file, ...place, ...args]);
  const redis = new Redis(port, host.address, { retryStrategy: () => 200 });
  redis.on("error", () => {});
  await until("a Redis server to answer", async () => (await redis.ping()) === "PONG");
  return redis;
}

/** They were needed until all of it worked. */
export function disconnect(connections: readonly Redis[]): void {
  for (const redis of connections) redis.disconnect();
}
