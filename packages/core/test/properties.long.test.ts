import { Search } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { Lives, rounds } from "./life/lives.ts";
import { playPairing } from "./model/pairing-play.ts";
import { type Connections, connect } from "./model/redis.ts";
import { playRooms } from "./model/room-play.ts";
import { explore } from "./model/script/exploration.ts";
import { pairingScripts } from "./model/script/pairing-script.ts";
import { roomScripts } from "./model/script/room-script.ts";
import { matches, meetings, pairing } from "./model/settings.ts";

/** Longer than in the files of each property, and elsewhere. */
const search = new Search({ cases: 10_000, seconds: 15, leastCases: 30, seed: 2 });

let connections: Connections;
let lives: Lives;
beforeAll(async () => {
  connections = await connect();
  lives = await Lives.open(inject("redisUrl"));
});
afterAll(async () => {
  await connections.close();
  await lives.close();
});

describe("nothing is found that does not hold, though it is looked for longer", () => {
  test(
    "among people who want to be paired",
    () => explore(connections, pairing, pairingScripts, search, playPairing),
    search.timeoutMs,
  );
  test("in meetings", () => explore(connections, meetings, roomScripts, search, playRooms), search.timeoutMs);
  test("in matches", () => explore(connections, matches, roomScripts, search, playRooms), search.timeoutMs);
  test(
    "in a session's life",
    () => fc.assert(fc.asyncProperty(rounds, search.predicate(lives.lead)), search.parameters),
    search.timeoutMs,
  );
});
