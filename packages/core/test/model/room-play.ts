import { brokenNow } from "./invariant/invariants.ts";
import { leftovers } from "./invariant/quiescence.ts";
import { brokenRoomsAtRest, overfull } from "./invariant/room-quiescence.ts";
import { empty, recover } from "./recovery.ts";
import { expectNone } from "./script/exploration.ts";
import { beginWithRooms, roomActs } from "./script/room-script.ts";
import { play, type Script } from "./script/script.ts";
import type { World } from "./world.ts";

/**
 * Plays a script among people who enter rooms that they name, and lets the cluster come to rest after it.
 * @throws Error that says what does not hold: somebody is listed who is not there, or was not told, or told twice
 */
export async function playRooms(world: World, script: Script): Promise<void> {
  await beginWithRooms(world, script.beginning);
  await play(world, roomActs, script, async (when) =>
    expectNone(world, when, [...(await brokenNow(world)), ...(await overfull(world))]),
  );
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenRoomsAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenRoomsAtRest(world)), ...(await leftovers(world))]);
}
