import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { expectPairs } from "./pairing/expected-pairs.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { MATCH_WIDEN_MS: 600_000, LEASE_MS: 60_000 } });
  return cluster.stop;
});

test("without any matchmaker everybody waits; the next one pairs them all", async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => cluster.connect(i % 2)));
  await Promise.all(clients.map((client) => client.join({ type: "video" })));
  expect(await cluster.store.queues.figures("video")).toMatchObject({ waiting: 20 });
  await cluster.start("matchmaker");
  await expectPairs(clients);
});
