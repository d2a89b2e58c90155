import { keys } from "@switchyard/store";
import { openMonitor, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { MortalMatchmakers } from "./mortal-matchmakers.ts";
import { expectPairs } from "./pairing/expected-pairs.ts";

const QUEUE = "chat";

let cluster: TestCluster;
let matchmakers: MortalMatchmakers;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  matchmakers = new MortalMatchmakers(cluster, { MATCH_WIDEN_MS: 600_000 });
  return matchmakers.stop;
});

const isOpen = async () => (await cluster.store.assignments.open(QUEUE)) > 0;

/** Pairs join until a matchmaker is dead that has made a pairing final and not carried it out. */
async function killAmidPairing(): Promise<TestClient[]> {
  const clients: TestClient[] = [];
  let isFinal = false;
  let matchmaker = await matchmakers.startOne();
  const stop = await openMonitor(cluster.redis, ([name, key]) => {
    if (name?.toLowerCase() !== "xadd" || key !== keys.queueAssignments(QUEUE)) return;
    matchmaker.signal("SIGSTOP");
    isFinal = true;
  });
  try {
    for (;;) {
      const pair = await Promise.all([cluster.connect(0), cluster.connect(1)]);
      clients.push(...pair);
      for (const client of pair) await client.join();
      await until("their pairing to be final", () => isFinal);
      isFinal = false;
      if (!(await isOpen())) {
        matchmaker.signal("SIGCONT"); // it was quicker
        continue;
      }
      await matchmakers.kill(matchmaker);
      if (await isOpen()) return clients;
      matchmaker = await matchmakers.startOne();
    }
  } finally {
    stop();
  }
}

test("a matchmaker is killed amid a pairing: another carries it out, and goes on with those who join", async () => {
  const clients = await killAmidPairing();
  const later = await Promise.all([cluster.connect(0), cluster.connect(1)]);
  for (const client of later) expect(await client.join()).toEqual({ ok: true });
  await cluster.start("matchmaker");
  await expectPairs([...clients, ...later]);
  await until("nothing to be open", async () => !(await isOpen()));
});
