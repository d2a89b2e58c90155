import { createHash, randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { connectRedis, findRedis, openRedis, type RedisConfig } from "@switchyard/runtime";
import { ADMIN, aclFile, type RedisUserName } from "@switchyard/store/access";
import { freePort } from "../ports.ts";
import { OWNER_ONLY, type RunDirectory } from "../run-directory.ts";
import type { Print } from "../screen.ts";
import type { Found, Part } from "../supervisor.ts";
import { endLeftoverRedis, guardRedis } from "./leftover.ts";
import { findRedisProgram, REDIS_IMAGE } from "./program.ts";

/** The Redis that a cluster uses; `part` is missing for one that was given. */
export interface ChosenRedis {
  /** With all rights, for the owner of this cluster: it is in `.run/state.json`, which only its owner may read. */
  readonly url: string;
  /** For a service. */
  urlFor(user: RedisUserName): string;
  readonly part?: Part;
}

const CLIENT_NAME = "switchyard-launcher";
/** Redis's users, beside its append-only file. */
const ACCESS_FILE = "users.acl";
const SETTINGS = ["--appendonly", "yes", "--save", ""];
/** A container of that name may be left from a launcher, or a `docker` command, that was killed. */
const RUN_CONTAINER = 'docker stop "$0" > /dev/null 2>&1; exec docker run --rm --name "$0" "$@"';

/** @throws UnusableRedisError when it can't be reached or is too old */
export async function givenRedis(config: RedisConfig): Promise<ChosenRedis> {
  const servers = await findRedis(config);
  (await servers.open(CLIENT_NAME)).disconnect();
  return { url: config.REDIS_URL, urlFor: () => config.REDIS_URL };
}

/**
 * A Redis of this cluster's own on a loopback port: its append-only file outlives a stop and start. Its users have
 * passwords that are new at each start: other users of this machine reach its port too.
 * @throws Error with one sentence when there is no Redis to run
 */
export async function ownRedis(
  { redisDirectory: directory, redisNote: note }: RunDirectory,
  print: Print,
): Promise<ChosenRedis> {
  const program = await findRedisProgram(print);
  await endLeftoverRedis(note);
  const port = await freePort();
  const passwords = new Map<string, string>();
  const users = aclFile((user) => {
    passwords.set(user, randomBytes(24).toString("hex"));
    return `>${passwords.get(user)}`;
  });
  const file = join(directory, ACCESS_FILE);
  rmSync(file, { force: true });
  writeFileSync(file, users, { mode: OWNER_ONLY });
  const urlFor = (user: string) => `redis://${user}:${passwords.get(user)}@127.0.0.1:${port}`;
  const url = urlFor(ADMIN);
  const common = { name: "redis", environment: process.env, probe: () => answers(url), quiet: true };
  const filesIn = (place: string) => ["--dir", place, "--aclfile", join(place, ACCESS_FILE)];
  if (program.kind === "binary") {
    const place = ["--bind", "127.0.0.1", "--port", String(port), ...filesIn(directory)];
    const guard = (pid: number) => {
      note.write({ pid, port }); // first: from here on the launcher may be killed at any time
      const disarm = guardRedis({ pid });
      return () => {
        disarm();
        note.remove();
      };
    };
    return { url, urlFor, part: { ...common, command: [program.path, ...place, ...SETTINGS], guard } };
  }
  const container = `switchyard-redis-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
  const { uid, gid } = userInfo();
  const publish = ["--publish", `127.0.0.1:${port}:6379`, "--volume", `${directory}:/data`, "--user", `${uid}:${gid}`];
  const server = [REDIS_IMAGE, "redis-server", ...filesIn("/data"), ...SETTINGS];
  const command = ["sh", "-c", RUN_CONTAINER, container, ...publish, ...server] as const;
  return { url, urlFor, part: { ...common, command, guard: () => guardRedis({ container }) } };
}

async function answers(url: string): Promise<Found | undefined> {
  const redis = openRedis(url, CLIENT_NAME);
  try {
    await connectRedis(redis);
    await redis.ping();
    return { id: "redis", url: `redis://${new URL(url).host}` };
  } finally {
    redis.disconnect();
  }
}
