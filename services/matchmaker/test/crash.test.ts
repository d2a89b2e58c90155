import { setTimeout as wait } from "node:timers/promises";
import {
  nothingMore,
  type ServiceProcess,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { killOne } from "./killing.ts";

let cluster: TestCluster<ServiceProcess>;
beforeAll(async () => {
  cluster = await startProcessCluster({ matchmakers: 3, environment: { MATCH_WIDEN_MS: 600_000 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

interface Found {
  readonly roomId: string;
  readonly partnerId: string;
  readonly initiator: boolean;
}

async function expectPairs(clients: readonly TestClient[]): Promise<void> {
  const found = new Map<TestClient, Found>();
  for (const client of clients) {
    await client.hear("waiting_for_partner");
    found.set(client, await client.hear<Found & Record<string, unknown>>("partner_found", 20_000));
  }
  await nothingMore(...clients);
  const byUser = new Map(clients.map((client) => [client.user, client]));
  for (const [client, { roomId, partnerId, initiator }] of found) {
    const partner = byUser.get(partnerId) as TestClient;
    expect(found.get(partner)).toMatchObject({ roomId, partnerId: client.user, initiator: !initiator });
  }
  expect(new Set([...found.values()].map(({ roomId }) => roomId)).size).toBe(clients.length / 2);
}

test("matchmakers are killed at any moment while 300 join: everybody is in one room with one other, nobody is left", async () => {
  const clients = await Promise.all(Array.from({ length: 300 }, (_, i) => cluster.connect(i % 2)));
  let joining = true;
  const killing = (async () => {
    while (joining) await killOne(cluster, "chat");
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
  expect(await cluster.store.presence.rooms("random")).toBe(150);
  for (const client of clients)
    expect((await cluster.store.sessions.read(String(client.socket.id)))?.seats.size).toBe(1);
}, 60_000);

test("without any matchmaker everybody waits; the next one pairs them all", async () => {
  await Promise.all(cluster.matchmakers.map((matchmaker) => matchmaker.kill()));
  const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => cluster.connect(i % 2)));
  await Promise.all(clients.map((client) => client.join({ type: "video" })));
  expect(await cluster.store.queues.figures("video")).toMatchObject({ waiting: 20 });
  await cluster.start("matchmaker");
  await expectPairs(clients);
});
