import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { atExit, end, guard, hasEnded, own } from "./children.ts";
import { until } from "./until.ts";

/** A redis-server of one's own: empty at the start, gone with everything in it at the end. */
export interface RedisServer {
  readonly url: string;
  readonly version: string;
  /** A connection for the benchmark's own questions. */
  readonly client: Redis;
  /** Its work since its start. */
  read(): Promise<RedisReading>;
  stop(): Promise<void>;
}

/** A Redis's work since its start. */
interface RedisReading {
  readonly atMs: number;
  /** User and system CPU time. */
  readonly cpuMs: number;
  /** How often each command has run, those that scripts ran included, the reading itself not. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface RedisServerOptions {
  /** Whether it writes an append-only file (synced once a second, as Redis does by default). */
  readonly appendOnly: boolean;
  /** Gives a port of the loopback address that is free just now, and another one if that is taken meanwhile. */
  readonly nextPort?: () => Promise<number>;
}

const ATTEMPTS = 20;

/** Starts the `redis-server` of the PATH on a free loopback port. */
export async function startRedisServer({ appendOnly, nextPort = freePort }: RedisServerOptions): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  atExit(remove);
  try {
    const settings = ["--save", "", "--appendonly", appendOnly ? "yes" : "no"];
    const { server, client, url } = await listening(directory, settings, nextPort);
    const stop = async () => {
      client.disconnect();
      await end(server);
      remove();
    };
    const version = field(await client.info("server"), "redis_version");
    return { url, version, client, read: async () => readingOf(await client.info("cpu", "commandstats")), stop };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Listening {
  readonly server: ChildProcess;
  readonly client: Redis;
  readonly url: string;
}

/** Redis has no setting for any free port: it gets one after the other, until it has taken one for itself. */
async function listening(
  directory: string,
  settings: readonly string[],
  nextPort: () => Promise<number>,
): Promise<Listening> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const started = await listeningOn(await nextPort(), directory, settings);
    if (started !== undefined) return started;
  }
  throw new Error(`redis-server did not start on any of ${ATTEMPTS} ports`);
}

async function listeningOn(
  port: number,
  directory: string,
  settings: readonly string[],
): Promise<Listening | undefined> {
  const place = ["--bind", "127.0.0.1", "--port", String(port), "--dir", directory];
  const server = own(spawn("redis-server", [...place, ...settings], { stdio: "ignore" }));
  guard(server, directory);
  const ended = new Promise<true>((resolve, reject) => {
    server.once("exit", () => resolve(true));
    server.once("error", (cause) => reject(new Error("redis-server did not start", { cause })));
  });
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: () => 50 });
  client.on("error", () => {}); // refused until it listens
  // another program may have taken the port meanwhile: a Redis, too, or one that never answers
  const isOurs = async () => field(await client.info("server"), "process_id") === String(server.pid);
  try {
    await until(`redis-server on port ${port}`, () => Promise.race([ended, isOurs().catch(() => false)]));
  } catch (error) {
    client.disconnect();
    server.kill("SIGKILL");
    throw error;
  }
  if (!hasEnded(server)) return { server, client, url: `redis://127.0.0.1:${port}` };
  client.disconnect();
  return undefined;
}

/** A TCP port of the loopback address that nobody listened on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("the system gave no port")),
      );
    });
  });
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "unknown";
}

function readingOf(info: string): RedisReading {
  const lines = info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  const calls = new Map([...lines].map(([, command = "", count]) => [command.toLowerCase(), Number(count)]));
  calls.delete("info");
  const cpuMs = 1000 * (Number(field(info, "used_cpu_user")) + Number(field(info, "used_cpu_sys")));
  return { atMs: performance.now(), cpuMs, calls };
}
