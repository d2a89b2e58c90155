import * as fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { brokenNow } from "./model/invariants.ts";
import { brokenAtRest, leftovers } from "./model/quiescence.ts";
import { empty, pairEveryone, recover } from "./model/recovery.ts";
import { type Connections, connect } from "./model/redis.ts";
import { begin, make, type Script, scripts } from "./model/script.ts";
import { pairing } from "./model/settings.ts";
import { World } from "./model/world.ts";

/** How long to look for a counterexample; more finds rarer ones. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 12) * 1000;
/** The same runs each time, so that a change is told from chance; another number looks elsewhere. */
const SEED = Number(process.env["PROPERTY_SEED"] ?? 1);
/** How long to look for a shorter one, once there is one. */
const SHRINK_FOR_MS = 60_000;

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test(
  "whatever is killed, lost or overtaken when: nobody is lost, nobody is in two rooms, nothing is left over",
  async () => {
    let until = performance.now() + LOOK_FOR_MS;
    let failed = false;
    const property = fc.asyncProperty(scripts, async (script) => {
      if (performance.now() > until) return;
      const world = await World.open(connections, pairing);
      try {
        await play(world, script);
      } catch (error) {
        if (!failed) until = performance.now() + SHRINK_FOR_MS;
        failed = true;
        throw error;
      } finally {
        await world.close();
      }
    });
    await fc.assert(property, { numRuns: LOOK_FOR_MS / 10, seed: SEED });
  },
  LOOK_FOR_MS + SHRINK_FOR_MS + 60_000,
);

async function play(world: World, { beginning, moves }: Script): Promise<void> {
  await begin(world, beginning);
  for (const move of moves) {
    await make(world, move);
    expectNone(world, `after ${move.what}`, await brokenNow(world));
  }
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await pairEveryone(world);
  expectNone(world, "after all were paired", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenAtRest(world)), ...(await leftovers(world))]);
}

function expectNone(world: World, when: string, broken: readonly string[]): void {
  if (broken.length === 0) return;
  const text = `${when}:\n${broken.join("\n")}\n\n${world.interleaver.trace.join("\n")}`;
  throw new Error(text.replaceAll(world.tag, ""));
}
