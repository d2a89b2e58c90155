import { afterAll, beforeAll, test } from "vitest";
import { expectNone, explore, timeoutFor } from "./model/exploration.ts";
import { brokenNow } from "./model/invariants.ts";
import { beginPairing, pairingActs, pairingScripts } from "./model/pairing-script.ts";
import { brokenAtRest, leftovers } from "./model/quiescence.ts";
import { empty, pairEveryone, recover } from "./model/recovery.ts";
import { type Connections, connect } from "./model/redis.ts";
import { play, type Script } from "./model/script.ts";
import { pairing } from "./model/settings.ts";
import type { World } from "./model/world.ts";

/** How long to look for a counterexample. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 12) * 1000;

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test(
  "whatever is killed, lost or overtaken when: nobody is lost, nobody is in two rooms, nothing is left over",
  () => explore(connections, pairing, pairingScripts, LOOK_FOR_MS, playPairing),
  timeoutFor(LOOK_FOR_MS),
);

async function playPairing(world: World, script: Script): Promise<void> {
  await beginPairing(world, script.beginning);
  await play(world, pairingActs, script, async (when) => expectNone(world, when, await brokenNow(world)));
  await recover(world);
  expectNone(world, "after the recovery", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await pairEveryone(world);
  expectNone(world, "after all were paired", [...(await brokenNow(world)), ...(await brokenAtRest(world))]);
  await empty(world);
  expectNone(world, "after all have gone", [...(await brokenAtRest(world)), ...(await leftovers(world))]);
}
