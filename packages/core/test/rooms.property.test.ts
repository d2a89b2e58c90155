import * as fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { brokenNow } from "./model/invariants.ts";
import { leftovers } from "./model/quiescence.ts";
import { empty, recover } from "./model/recovery.ts";
import { type Connections, connect } from "./model/redis.ts";
import { brokenRoomsAtRest, overfull } from "./model/room-quiescence.ts";
import { beginWithRooms, move, type RoomScript, roomScripts } from "./model/room-script.ts";
import { matches, meetings } from "./model/settings.ts";
import { type Setting, World } from "./model/world.ts";

/** How long to look for a counterexample in each kind of room; more finds rarer ones. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 7) * 1000;
/** The same runs each time, so that a change is told from chance; another number looks elsewhere. */
const SEED = Number(process.env["PROPERTY_SEED"] ?? 1);
/** How long to look for a shorter one, once there is one. */
const SHRINK_FOR_MS = 60_000;

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test.each<[string, Setting]>([
  ["meetings", meetings],
  ["matches", matches],
])(
  "%s: whatever is killed, lost or overtaken when: who is listed is there, and everyone there was told so, once",
  async (_, setting) => {
    let until = performance.now() + LOOK_FOR_MS;
    let failed = false;
    const property = fc.asyncProperty(roomScripts, async (script) => {
      if (performance.now() > until) return;
      const world = await World.open(connections, setting);
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

async function play(world: World, { beginning, moves }: RoomScript): Promise<void> {
  await beginWithRooms(world, beginning);
  for (const one of moves) {
    await move(world, one);
    expectNone(world, `after ${one.what}`, [...(await brokenNow(world)), ...(await overfull(world))]);
  }
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenRoomsAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenRoomsAtRest(world)), ...(await leftovers(world))]);
}

function expectNone(world: World, when: string, broken: readonly string[]): void {
  if (broken.length === 0) return;
  const text = `${when}:\n${broken.join("\n")}\n\n${world.interleaver.trace.join("\n")}`;
  throw new Error(text.replaceAll(world.tag, ""));
}
