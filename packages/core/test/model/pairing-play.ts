import { brokenNow } from "./invariant/invariants.ts";
import { brokenAtRest, leftovers } from "./invariant/quiescence.ts";
import { empty, pairEveryone, recover } from "./recovery.ts";
import { expectNone } from "./script/exploration.ts";
import { beginPairing, pairingActs } from "./script/pairing-script.ts";
import { play, type Script } from "./script/script.ts";
import type { World } from "./world.ts";

/**
 * Plays a script among people who want to be paired, and lets the cluster come to rest after it.
 * @throws Error that says what does not hold: somebody is lost, or in two rooms, or something is left over
 */
export async function playPairing(world: World, script: Script): Promise<void> {
  await beginPairing(world, script.beginning);
  await play(world, pairingActs, script, async (when) => expectNone(world, when, await brokenNow(world)));
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await pairEveryone(world);
  expectNone(world, "after all were paired", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenAtRest(world)), ...(await leftovers(world))]);
}
