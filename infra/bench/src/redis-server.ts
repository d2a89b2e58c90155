import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { atExit, end, own } from "./children.ts";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

/** A redis-server of one's own: empty at the start, gone with everything in it at the end. */
export interface RedisServer {
  readonly url: string;
  readonly version: string;
  /** A connection for the benchmark's own questions. */
  readonly client: Redis;
  /** User and system CPU time since its start, in ms. */
  cpuMs(): Promise<number>;
  /** How often each command has run since the server's start, those that scripts ran included. */
  calls(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/**
 * Starts the `redis-server` of the PATH on a free loopback port.
 * @param appendOnly whether it writes an append-only file (synced once a second, as Redis does by default)
 */
export async function startRedisServer({ appendOnly }: { appendOnly: boolean }): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  atExit(() => rmSync(directory, { recursive: true, force: true }));
  const port = await freePort();
  const settings = ["--bind", "127.0.0.1", "--port", String(port), "--dir", directory, "--save", ""];
  const server = own(
    spawn("redis-server", [...settings, "--appendonly", appendOnly ? "yes" : "no"], { stdio: ["ignore", "ignore", 2] }),
  );
  let failure: Error | undefined;
  server.once("error", (error) => {
    failure = error;
  });
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: () => 50 });
  client.on("error", () => {}); // refused until it listens
  await until(`redis-server on port ${port}`, async () => {
    if (failure !== undefined || server.exitCode !== null || server.signalCode !== null)
      throw new Error("redis-server did not start", { cause: failure });
    return client.ping().then(Boolean, () => false);
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    version: field(await client.info("server"), "redis_version"),
    client,
    cpuMs: async () => cpuMsOf(await client.info("cpu")),
    calls: async () => callsOf(await client.info("commandstats")),
    stop: async () => {
      client.disconnect();
      await end(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "unknown";
}

function cpuMsOf(info: string): number {
  return 1000 * (Number(field(info, "used_cpu_user")) + Number(field(info, "used_cpu_sys")));
}

function callsOf(info: string): ReadonlyMap<string, number> {
  const lines = info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return new Map([...lines].map(([, command = "", calls]) => [command.toLowerCase(), Number(calls)]));
}
