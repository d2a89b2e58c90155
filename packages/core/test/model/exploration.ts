import * as fc from "fast-check";
import { expect } from "vitest";
import type { Connections } from "./redis.ts";
import type { Script } from "./script.ts";
import type { Setting } from "./setting.ts";
import { World } from "./world.ts";

/** The same runs each time, so that a change is told from chance; another number looks elsewhere. */
const SEED = Number(process.env["PROPERTY_SEED"] ?? 1);
/** How long to look for a shorter counterexample, once there is one. */
const SHRINK_FOR_MS = 60_000;
/** As many have to be played, however slow the machine is. */
const LEAST_RUNS = 30;

/** How long looking can take at most. */
export const timeoutFor = (lookForMs: number) => lookForMs + SHRINK_FOR_MS + 60_000;

/**
 * Plays scripts, each in a world of its own, until one breaks what has to hold or the time is up; more time finds rarer ones.
 * @param playIn throws what does not hold
 */
export async function explore(
  connections: Connections,
  setting: Setting,
  scripts: fc.Arbitrary<Script>,
  lookForMs: number,
  playIn: (world: World, script: Script) => Promise<void>,
): Promise<void> {
  let until = performance.now() + lookForMs;
  let failed = false;
  let runs = 0;
  const property = fc.asyncProperty(scripts, async (script) => {
    if (performance.now() > until && (failed || runs >= LEAST_RUNS)) return;
    const world = await World.open(connections, setting);
    try {
      await playIn(world, script);
      runs += 1;
    } catch (error) {
      if (!failed) until = performance.now() + SHRINK_FOR_MS;
      failed = true;
      throw error;
    } finally {
      await world.close();
    }
  });
  await fc.assert(property, { numRuns: Math.max(LEAST_RUNS, lookForMs / 10), seed: SEED });
  expect(runs).toBeGreaterThanOrEqual(LEAST_RUNS);
}

/** @throws Error that says what was done, if something is broken */
export function expectNone(world: World, when: string, broken: readonly string[]): void {
  if (broken.length === 0) return;
  const text = `${when}:\n${broken.join("\n")}\n\n${world.interleaver.trace.join("\n")}`;
  throw new Error(text.replaceAll(world.tag, ""));
}
