import { execFileSync, spawn } from "node:child_process";
import type { Redis } from "ioredis";
import { guardProcess } from "../service/guard.ts";
import { skipCaller } from "../skip.ts";
import { until } from "../until.ts";

/** A Redis of its own, with the users that services have; its starter has to stop it. */
export interface TestRedis {
  /** The address with all rights. */
  readonly url: string;
  readonly port: number;
  /** The server's process id; `undefined` when it runs in a container. */
  readonly pid: number | undefined;
  /** Connects where `url` is not a server's. */
  open?(): Redis;
  stop(): Promise<void>;
}

const LEAST_MAJOR = 7;
const MAX_PRINTED = 4000;

/** A running `redis-server`. */
interface RedisServer {
  readonly pid: number | undefined;
  /** Ends it at once; resolves when it is gone. */
  kill(): Promise<void>;
}

let shortcoming: { readonly reason: string | undefined } | undefined;

/**
 * Runs the `redis-server` of the PATH; it ends with this process. Where there is none that is new enough, the test that
 * wants it is skipped with that as the reason.
 * @param info what `INFO` answers on its port; asked again and again until it is this server that answers, and has its data
 * @param directory for nothing else, removed if this process ends before the server: a server that is killed leaves it to the caller
 * @throws Error with what it printed when it ends by itself or does not answer in time
 */
export async function runRedisServer(
  args: readonly string[],
  info: () => Promise<string>,
  directory?: string,
): Promise<RedisServer> {
  shortcoming ??= { reason: whyNot() };
  if (shortcoming.reason !== undefined) return skipCaller(shortcoming.reason);
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "pipe"] });
  const guard = guardProcess(child.pid, directory);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk).slice(-MAX_PRINTED);
    });
  }
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
    guard.disarm();
  };
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  try {
    await until("redis-server to answer", async () => hasEnded() || isReady(await info(), child.pid));
    if (hasEnded()) throw new Error("redis-server ended by itself");
  } catch (error) {
    await kill();
    throw new Error(`${error instanceof Error ? error.message : error}; it printed:\n${printed}`, { cause: error });
  }
  return { pid: child.pid, kill };
}

/** Another server may have the port; and one that still reads its append-only file answers `INFO` already. */
function isReady(info: string, pid: number | undefined): boolean {
  return info.includes(`process_id:${pid}\r`) && !info.includes("loading:1");
}

/** Why the tests can't use the `redis-server` of the PATH, if they can't. */
function whyNot(): string | undefined {
  try {
    const version = /v=((\d+)\S*)/.exec(execFileSync("redis-server", ["--version"], { encoding: "utf8" }));
    if (Number(version?.[2]) >= LEAST_MAJOR) return undefined;
    return `it needs a redis-server ${LEAST_MAJOR} or newer on the PATH, and there is ${version?.[1] ?? "one of unknown version"}`;
  } catch {
    return "it needs a redis-server on the PATH, and there is none";
  }
}
