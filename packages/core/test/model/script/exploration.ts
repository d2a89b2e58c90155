import type { Search } from "@switchyard/testkit";
import * as fc from "fast-check";
import type { Connections } from "../redis.ts";
import type { Setting } from "../setting.ts";
import { World } from "../world.ts";
import type { Script } from "./script.ts";

/**
 * Plays scripts, each in a world of its own, until one breaks what has to hold or the search is over.
 * @param playIn throws what does not hold
 */
export async function explore(
  connections: Connections,
  setting: Setting,
  scripts: fc.Arbitrary<Script>,
  search: Search,
  playIn: (world: World, script: Script) => Promise<void>,
): Promise<void> {
  const playOne = async (script: Script) => {
    const world = await World.open(connections, setting);
    try {
      await playIn(world, script);
    } finally {
      await world.close();
    }
  };
  await fc.assert(fc.asyncProperty(scripts, search.predicate(playOne)), search.parameters);
}

/** @throws Error that says what was done, if something is broken */
export function expectNone(world: World, when: string, broken: readonly string[]): void {
  if (broken.length === 0) return;
  const text = `${when}:\n${broken.join("\n")}\n\n${world.interleaver.trace.join("\n")}`;
  throw new Error(text.replaceAll(world.tag, ""));
}
