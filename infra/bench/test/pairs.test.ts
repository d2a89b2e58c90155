import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { BENCH_SECRET, type BenchedDialect, dialectClients } from "../src/relay/dialect-clients.ts";
import { openPair } from "../src/relay/pair.ts";

const ROUND_TRIPS = 20;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ environment: { JWT_SECRET: BENCH_SECRET, LEASE_MS: 60_000 } });
});
afterAll(() => cluster.stop());

test.each(["random", "match", "calls", "rooms", "chat"] as const satisfies readonly BenchedDialect[])(
  "two clients of %s on two nodes play candidates to each other, each once and in order",
  async (dialect) => {
    const [urls, faults] = [[cluster.node(0).url, cluster.node(1).url] as const, [] as string[]];
    let [relayed, back] = [0, 0];
    const pair = await openPair(dialectClients(dialect), urls, "pair", () => back < ROUND_TRIPS, {
      relayed: () => {
        relayed += 1;
      },
      roundTrip: () => {
        back += 1;
      },
      fault: (what) => faults.push(what),
    });
    onTestFinished(pair.close);
    pair.serve();
    await until("all to be back", () => back === ROUND_TRIPS || faults.length > 0);
    expect(faults).toEqual([]);
    expect([relayed, pair.inPlay()]).toEqual([2 * ROUND_TRIPS, 0]);
  },
);
