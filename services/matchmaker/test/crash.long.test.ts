import { setTimeout as wait } from "node:timers/promises";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { MortalMatchmakers } from "./mortal-matchmakers.ts";
import { expectPairs } from "./pairing/expected-pairs.ts";

const PEOPLE = 300;

let cluster: TestCluster;
let matchmakers: MortalMatchmakers;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  matchmakers = new MortalMatchmakers(cluster, { MATCH_WIDEN_MS: 600_000 });
  return matchmakers.stop;
});
beforeAll(() => matchmakers.start(3));

test("matchmakers are killed at any moment while 300 join: everybody is in one room with one other, nobody is left", async () => {
  const clients = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => cluster.connect(i % 2)));
  let joining = true;
  const killing = (async () => {
    while (joining) await matchmakers.killOne("chat");
  })();
  for (const client of clients) {
    expect(await client.join()).toEqual({ ok: true });
    await wait(Math.random() * 30);
  }
  joining = false;
  await killing;
  await expectPairs(clients);
  expect(await cluster.store.queues.figures("chat")).toMatchObject({ waiting: 0 });
  // what a killed one had carried out and not acknowledged, another one takes over, finds done, and acknowledges
  await until("nothing to be open", async () => (await cluster.store.assignments.open("chat")) === 0);
  expect(await cluster.store.presence.rooms("random")).toBe(PEOPLE / 2);
  for (const client of clients)
    expect((await cluster.store.sessions.read(String(client.socket.id)))?.seats.size).toBe(1);
});
