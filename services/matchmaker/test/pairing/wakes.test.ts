import {
  expectNothingMore,
  openMonitor,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { MATCH_WIDEN_MS: 600_000, LEASE_MS: 60_000 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Every command that Redis gets and that names a key or channel of the queue, scripts' own included. */
async function watch(queue: string): Promise<{ commands: string[][]; stop(): void }> {
  const commands: string[][] = [];
  const stop = await openMonitor(cluster.redis, (command) => {
    if (command.some((part) => part.includes(`{queue:${queue}}`))) commands.push([...command]);
  });
  return { commands, stop };
}

const isPart = (part: string) => (command: string[]) => command.some((text) => text.endsWith(`}:${part}`));
/** Commands that read all who wait. */
const readsQueue = ([name = "", ...args]: string[]) =>
  /^(zrange.*|hgetall|hvals|hscan|zscan)$/i.test(name) &&
  args.some((text) => /\}:(waiting|tickets|stamps)$/.test(text));

test("who can't be paired costs nothing while time goes by: nobody looks at the queue again and again", async () => {
  const [ann, bob] = (await Promise.all([cluster.connect(0), cluster.connect(1)])) as [TestClient, TestClient];
  for (const [client, language] of [
    [ann, "de"],
    [bob, "fr"],
  ] as const) {
    await client.join({ preferences: { language } });
    await client.receive("waiting_for_partner");
  }
  await expectNothingMore(ann, bob);
  const watched = await watch("chat");
  try {
    // a whole second of the matchmaker's life
    await until("the lead to be renewed five times", () => watched.commands.filter(isPart("leader")).length >= 5 * 2);
    expect(watched.commands.filter(readsQueue)).toEqual([]);
  } finally {
    watched.stop();
  }
});

test("two who may meet are paired because the second one came: what was known is not read again", async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => cluster.connect(i % 2)));
  const watched = await watch("chat");
  try {
    for (const [i, client] of clients.entries()) {
      await client.join();
      if (i % 2 === 0) await client.receive("waiting_for_partner");
    }
    for (const client of clients) await client.receive("partner_found");
    await until("all pairings to be carried out", async () => (await cluster.store.assignments.open("chat")) === 0);
    expect(watched.commands.filter(readsQueue)).toEqual([]);
    await expectNothingMore(...clients);
  } finally {
    watched.stop();
  }
});
