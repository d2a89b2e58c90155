import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { connectRedis, openRedis } from "@switchyard/runtime";
import type { JsonFile } from "../json-file.ts";
import type { Found, Guard, Part } from "../part.ts";
import { guardContainer, guardProcess } from "./guard.ts";
import type { RedisProcess } from "./leftover.ts";
import { REDIS_IMAGE, type RedisProgram } from "./program.ts";

/** Redis's users, beside its append-only file. */
export const ACCESS_FILE = "users.acl";

const CLIENT_NAME = "switchyard-launcher";
/** A container of that name may be left from a launcher, or a `docker` command, that was killed. */
const RUN_CONTAINER = 'docker stop "$0" > /dev/null 2>&1; exec docker run --rm --name "$0" "$@"';

export interface PrivateRedisOptions {
  readonly program: RedisProgram;
  /** By which its owner connects to it. */
  readonly url: string;
  /** With the users' file in it. */
  readonly directory: string;
  /** Where its process is noted while it runs. */
  readonly note: JsonFile<RedisProcess>;
}

/** A Redis of this cluster's own on a loopback port: its append-only file outlives a stop and start. */
export function privateRedis({ program, url, directory, note }: PrivateRedisOptions): Part {
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
    const guard = (pid: number) => noted(note, { pid, port: Number(port) });
    return { ...common, command: [program.path, ...place, ...settings], guard };
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

const settings = [
  ...["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
  ...["--cluster-enabled", "no", "--notify-keyspace-events", "", "--daemonize", "no"],
];

/** The note comes first: from here on the launcher may be killed at any time. */
function noted(note: JsonFile<RedisProcess>, redis: RedisProcess): Guard {
  note.write(redis);
  const guard = guardProcess(redis.pid);
  const disarm = () => {
    guard.disarm();
    note.remove();
  };
  return { disarm };
}

async function pings(url: string): Promise<Found | undefined> {
  const redis = openRedis(url, CLIENT_NAME);
  try {
    await connectRedis(redis);
    const found = { id: "redis", url: `redis://${new URL(url).host}` };
    return (await redis.ping()) === "PONG" ? found : undefined;
  } finally {
    redis.disconnect();
  }
}

/** One container per directory. */
function containerName(directory: string): string {
  return `switchyard-redis-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}
