import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connectRedis, openRedis } from "@switchyard/runtime";
import type { Part } from "../part.ts";
import type { State } from "../state-file.ts";
import { guardContainer, guardProcess } from "./guard.ts";
import { REDIS_IMAGE, type RedisProgram } from "./program.ts";

/** Redis's users, beside its append-only file. */
export const ACCESS_FILE = "users.acl";

const CLIENT_NAME = "switchyard-launcher";
const LEFTOVER_LIMIT_MS = 12_000;
/** A container of that name may be left from a launcher, or a `docker` command, that was killed. */
const RUN_CONTAINER = 'docker stop "$0" > /dev/null 2>&1; exec docker run --rm --name "$0" "$@"';

/**
 * A Redis of this cluster's own on a loopback port: its append-only file outlives a stop and start.
 * @param url by which its owner connects to it
 * @param directory with the users' file in it
 */
export function privateRedis(program: RedisProgram, url: string, directory: string): Part {
  const { port } = new URL(url);
  const probe = () => pings(url);
  const common = { name: "redis", environment: process.env, probe, quiet: true };
  if (program.kind === "binary") {
    const place = [
      "--bind",
      "127.0.0.1",
      "--port",
      port,
      "--dir",
      directory,
      "--aclfile",
      join(directory, ACCESS_FILE),
    ];
    return { ...common, command: [program.path, ...place, ...settings], guard: guardProcess };
  }
  const name = containerName(directory);
  const { uid, gid } = userInfo();
  const publish = ["--publish", `127.0.0.1:${port}:6379`, "--volume", `${directory}:/data`, "--user", `${uid}:${gid}`];
  const server = [REDIS_IMAGE, "redis-server", "--dir", "/data", "--aclfile", `/data/${ACCESS_FILE}`, ...settings];
  return {
    ...common,
    command: ["sh", "-c", RUN_CONTAINER, name, ...publish, ...server],
    guard: () => guardContainer(name),
  };
}

/** Ends the private Redis of a launcher that was killed, so that no two ever write the same files. */
export async function endLeftoverRedis(leftover: State | undefined): Promise<void> {
  if (typeof leftover?.redis.pid !== "number") return;
  const { url, pid } = leftover.redis;
  const deadline = performance.now() + LEFTOVER_LIMIT_MS;
  while (performance.now() < deadline) {
    if (!(await shutDown(url, pid).catch(() => false))) return;
    await delay(100);
  }
}

const settings = [
  ...["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
  ...["--cluster-enabled", "no", "--notify-keyspace-events", "", "--daemonize", "no"],
];

async function pings(url: string): Promise<string | undefined> {
  const redis = openRedis(url, CLIENT_NAME);
  try {
    await connectRedis(redis);
    return (await redis.ping()) === "PONG" ? "redis" : undefined;
  } finally {
    redis.disconnect();
  }
}

/** Whether the process with this id still served that address; it was then told to end. */
async function shutDown(url: string, pid: number): Promise<boolean> {
  const redis = openRedis(url, CLIENT_NAME);
  try {
    await redis.connect();
    const isIt = new RegExp(`^process_id:${pid}\\s*$`, "m").test(await redis.info("server"));
    if (isIt) process.kill(pid, "SIGTERM"); // it completes its append-only file
    return isIt;
  } finally {
    redis.disconnect();
  }
}

/** One container per directory. */
function containerName(directory: string): string {
  return `switchyard-redis-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}
