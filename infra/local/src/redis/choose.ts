import { join } from "node:path";
import { findRedis, type RedisConfig } from "@switchyard/runtime";
import { ADMIN, type RedisUserName } from "@switchyard/store/access";
import type { Part } from "../part.ts";
import { freePort } from "../ports.ts";
import type { RunDirectory } from "../run-directory.ts";
import type { Print } from "../screen.ts";
import { type RedisLogin, writeAccess } from "./access.ts";
import { endLeftoverRedis } from "./leftover.ts";
import { ACCESS_FILE, privateRedis } from "./private.ts";
import { findRedisProgram } from "./program.ts";

/** The Redis that a cluster uses; `part` is missing for one that was given. */
export interface ChosenRedis {
  /** With all rights, for the owner of this cluster: it is in `.run/state.json`, which only its owner may read. */
  readonly url: string;
  /** For a service. */
  urlFor(user: RedisUserName): string;
  readonly part?: Part;
}

/** @throws UnusableRedisError when it can't be reached or is too old */
export async function givenRedis(config: RedisConfig): Promise<ChosenRedis> {
  const servers = await findRedis(config);
  (await servers.open("switchyard-launcher")).disconnect();
  const url = config.REDIS_URL;
  return { url, urlFor: () => url };
}

/** @throws Error with one sentence when there is no Redis to run */
export async function ownRedis(
  { redisDirectory: directory, redisNote: note }: RunDirectory,
  print: Print,
): Promise<ChosenRedis> {
  const program = await findRedisProgram(print);
  await endLeftoverRedis(note);
  const port = await freePort();
  const passwordOf = writeAccess(join(directory, ACCESS_FILE));
  const urlFor = (user: RedisLogin) => `redis://${user}:${passwordOf(user)}@127.0.0.1:${port}`;
  const url = urlFor(ADMIN);
  return { url, urlFor, part: privateRedis({ program, url, directory, note }) };
}
