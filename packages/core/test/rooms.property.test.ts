import { afterAll, beforeAll, test } from "vitest";
import { expectNone, explore, timeoutFor } from "./model/exploration.ts";
import { brokenNow } from "./model/invariants.ts";
import { leftovers } from "./model/quiescence.ts";
import { empty, recover } from "./model/recovery.ts";
import { type Connections, connect } from "./model/redis.ts";
import { brokenRoomsAtRest, overfull } from "./model/room-quiescence.ts";
import { beginWithRooms, roomActs, roomScripts } from "./model/room-script.ts";
import { play, type Script } from "./model/script.ts";
import type { Setting } from "./model/setting.ts";
import { matches, meetings } from "./model/settings.ts";
import type { World } from "./model/world.ts";

/** How long to look for a counterexample in each kind of room. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 7) * 1000;

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
  (_, setting) => explore(connections, setting, roomScripts, LOOK_FOR_MS, playRooms),
  timeoutFor(LOOK_FOR_MS),
);

async function playRooms(world: World, script: Script): Promise<void> {
  await beginWithRooms(world, script.beginning);
  await play(world, roomActs, script, async (when) =>
    expectNone(world, when, [...(await brokenNow(world)), ...(await overfull(world))]),
  );
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenRoomsAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenRoomsAtRest(world)), ...(await leftovers(world))]);
}
