import { openTestStore, startRedis } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { brokenNow } from "./model/invariants.ts";
import { brokenAtRest, leftovers } from "./model/quiescence.ts";
import { empty, pairEveryone, recover } from "./model/recovery.ts";
import { begin, type Move, make, scripts } from "./model/script.ts";
import { type Connections, World } from "./model/world.ts";

/** How long to look for a counterexample. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 12) * 1000;

/** How long to look for the smallest one. */
const SHRINK_FOR_MS = Number(process.env["SHRINK"] ?? 20) * 1000;

let connections: Connections;
let close: () => Promise<void>;

// a Redis of its own: sweeps deal with every node there is, and time is moved on
beforeAll(async () => {
  const server = await startRedis();
  const { redis, close: closeStore } = await openTestStore(server.url);
  const [subscriber, reader] = [redis.duplicate(), redis.duplicate()];
  connections = { redis, subscriber, reader };
  close = async () => {
    subscriber.disconnect();
    reader.disconnect();
    await closeStore();
    await server.stop();
  };
});

afterAll(() => close());

test(
  "whatever is killed, lost or overtaken when: nobody is lost, nobody is in two rooms, nothing is left over",
  async () => {
    let until = performance.now() + LOOK_FOR_MS;
    let failed = false;
    const property = fc.asyncProperty(scripts, async ({ beginning, moves }) => {
      if (performance.now() > until) return;
      const world = await World.open(connections);
      stats.runs += 1;
      try {
        await play(world, beginning, moves);
      } catch (error) {
        if (!failed) until = performance.now() + SHRINK_FOR_MS;
        failed = true;
        throw error;
      } finally {
        await world.close();
      }
    });
    if (process.env["STATS"]) setInterval(() => process.stderr.write(`${JSON.stringify(stats)}\n`), 5000).unref();
    await fc.assert(property, { numRuns: LOOK_FOR_MS });
  },
  LOOK_FOR_MS + SHRINK_FOR_MS + 60_000,
);

const stats = { runs: 0, rooms: 0, steps: 0, claims: 0 };
async function play(world: World, beginning: number, moves: readonly Move[]): Promise<void> {
  await begin(world, beginning);
  for (const move of moves) {
    await make(world, move);
    expectNone(world, `after ${move.what}`, await brokenNow(world));
  }
  stats.rooms += world.rooms.length;
  stats.steps += world.interleaver.trace.length;
  stats.claims += world.claims.size;
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
