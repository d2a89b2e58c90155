import { Search } from "@switchyard/testkit";
import { afterAll, beforeAll, test } from "vitest";
import { playPairing } from "./model/pairing-play.ts";
import { type Connections, connect } from "./model/redis.ts";
import { explore } from "./model/script/exploration.ts";
import { pairingScripts } from "./model/script/pairing-script.ts";
import { pairing } from "./model/settings.ts";

const search = new Search({ cases: 100, seconds: 4, leastCases: 10 });

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test(
  "whatever is killed, lost or overtaken when: nobody is lost, nobody is in two rooms, nothing is left over",
  () => explore(connections, pairing, pairingScripts, search, playPairing),
  search.timeoutMs,
);
