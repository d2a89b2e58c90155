import { connectRedis, openRedis } from "@switchyard/runtime";
import type { Part } from "../part.ts";
import { freePort } from "../ports.ts";
import type { RunDirectory } from "../run-directory.ts";
import type { Say } from "../screen.ts";
import { endLeftoverRedis, privateRedis, urlOf } from "./private.ts";
import { findRedisProgram } from "./program.ts";

/** The Redis that a cluster uses; `part` is missing for one that was given. */
export interface ChosenRedis {
  readonly url: string;
  readonly part?: Part;
}

/** @throws UnusableRedisError when it can't be reached or is too old */
export async function givenRedis(url: string): Promise<ChosenRedis> {
  const redis = await connectRedis(openRedis(url, "switchyard-launcher"));
  redis.disconnect();
  return { url };
}

/** @throws Error with one sentence when there is no Redis to run */
export async function ownRedis({ redisDirectory, leftover }: RunDirectory, say: Say): Promise<ChosenRedis> {
  const program = await findRedisProgram(say);
  await endLeftoverRedis(leftover);
  const port = await freePort();
  return { url: urlOf(port), part: privateRedis(program, port, redisDirectory) };
}
