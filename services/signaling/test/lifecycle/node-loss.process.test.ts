import {
  type Environment,
  expectNothingMore,
  pairClients,
  type ServiceProcess,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { startProcess } from "../processes.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { ...patient, MATCH_WIDEN_MS: 600_000 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** The node that something happens to; node 0 stays. It is soon given up, and its sessions never: their grace is long. */
const startVictim = (environment: Environment = {}) => startProcess(cluster, { LEASE_MS: 6000, ...environment });

/** One at the node that something happens to, and one at node 0. */
async function pair(victim: ServiceProcess) {
  const proxy = await cluster.proxy(victim);
  const [ann, bob] = await Promise.all([cluster.connect(proxy), cluster.connect(0)]);
  return { proxy, ann, bob, roomId: await pairClients(ann, bob), id: ann.socket.id };
}

async function expectToGoOn(ann: TestClient, id: string | undefined, roomId: string, bob: TestClient): Promise<void> {
  await ann.connected(2);
  expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
  expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
  expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
}

test("a node is killed while messages are on their way: its clients go on at another, nothing is missing", async () => {
  const victim = await startVictim();
  const { proxy, ann, bob, roomId, id } = await pair(victim);
  const count = 200;
  const sent = Array.from({ length: count }, (_, i) => bob.request("ice_candidate", { roomId, candidate: { i } }));
  await until("the stream to flow", () => ann.received.length > 20);
  await victim.kill();
  proxy.routeTo(cluster.node(0).port);
  expect((await Promise.all(sent)).every(({ ok }) => ok)).toBe(true);
  for (let i = 0; i < count; i += 1) expect(await ann.receive("ice_candidate")).toEqual({ candidate: { i } });
  await expectToGoOn(ann, id, roomId, bob);
  await expectNothingMore(ann, bob);
});

test("a node stands still until it is given up: what it still has does not come after what was said since", async () => {
  const stalled = await startVictim();
  const { proxy, ann, bob, roomId, id } = await pair(stalled);
  const candidates = async (from: number, to: number) => {
    for (let i = from; i < to; i += 1) await ann.request("ice_candidate", { roomId, candidate: { i } });
  };
  await candidates(0, 20);
  for (let i = 0; i < 20; i += 1) expect(await bob.receive("ice_candidate")).toEqual({ candidate: { i } });
  stalled.signal("SIGSTOP");
  const before = proxy.forwardedBytes;
  for (let i = 0; i < 50; i += 1) ann.send("ice_candidate", { roomId, candidate: { old: i, padding: "x".repeat(50) } });
  ann.send("send_message", { roomId, message: "old" });
  await until("all that to lie in the stalled node's socket", () => proxy.forwardedBytes > before + 50 * 100);
  proxy.routeTo(cluster.node(0).port);
  proxy.abandon();
  await expectToGoOn(ann, id, roomId, bob);
  await candidates(20, 40);
  const leases = () => cluster.redis.zscore("sy:{nodes}:leases", stalled.id);
  await until("the stalled node to be given up", async () => (await leases()) === null);
  stalled.signal("SIGCONT");
  await until("it to be back", async () => (await leases()) !== null);
  await until(
    "it to have let go of the connection",
    async () => (await stalled.metric("switchyard_connections")) === 0,
  );
  await candidates(40, 60);
  await expectNothingMore(ann);
  await bob.caughtUp();
  const received = bob.unread();
  expect(received).toEqual(Array.from({ length: 40 }, (_, i) => ["ice_candidate", { candidate: { i: i + 20 } }]));
});

test("a node that stops says so, closes its connections, and its clients go on at another", async () => {
  const stopping = await startVictim({ SHUTDOWN_MS: 1000 });
  const proxies = await Promise.all(Array.from({ length: 10 }, () => cluster.proxy(stopping)));
  const clients = await Promise.all(proxies.map((proxy) => cluster.connect(proxy)));
  const ids = clients.map(({ socket }) => socket.id);
  const bob = await cluster.connect(0);
  const [ann] = clients as [TestClient];
  const roomId = await pairClients(ann, bob);
  const countOf = (received: unknown) => (received as { count: number }).count;
  await until("the count", () => countOf(bob.counts.at(-1)) === 11);
  const before = bob.counts.length;
  for (const proxy of proxies) proxy.routeTo(cluster.node(0).port);
  stopping.signal("SIGTERM");
  for (const client of clients)
    expect(await client.receive("server-shutdown")).toEqual({ message: expect.any(String) });
  await Promise.all(clients.map((client) => client.connected(2)));
  expect(clients.map(({ socket }) => [socket.recovered, socket.id])).toEqual(ids.map((id) => [true, id]));
  await expectToGoOn(ann, ids[0], roomId, bob);
  expect(await stopping.ended).toMatchObject({ code: 0, stderr: "" }); // with 1, if that had taken too long
  expect(stopping.errors()).toEqual([]);
  await expectNothingMore(...clients, bob);
  expect(bob.counts.slice(before).filter((count) => countOf(count) !== 11)).toEqual([]);
});

test("a node that stops is not ready; a second signal ends it at once", async () => {
  const victim = await startVictim({ SHUTDOWN_MS: 6000 });
  const many = await Promise.all(Array.from({ length: 120 }, () => cluster.rawSocket(victim))); // one every 50 ms
  victim.signal("SIGTERM");
  await until("the first to be closed", () => many.some(({ isClosed }) => isClosed));
  const response = await fetch(`${victim.url}/readyz`);
  expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ reason: "draining" })]);
  expect(many.some(({ isClosed }) => !isClosed)).toBe(true);
  victim.signal("SIGTERM");
  expect(await victim.ended).toMatchObject({ code: 1 });
});

test("who was not counted yet when its node died counts when it goes on at another", async () => {
  const victim = await startVictim();
  const proxy = await cluster.proxy(victim);
  const ann = await cluster.connect(proxy);
  await until("it to count", async () => (await cluster.store.presence.count("random")) === 1);
  await cluster.store.presence.remove("random", ann.socket.id ?? "");
  await victim.kill();
  proxy.routeTo(cluster.node(0).port);
  await ann.connected(2);
  await until("it to count again", async () => (await cluster.store.presence.count("random")) === 1);
  await until("it to be told so", () => (ann.counts.at(-1) as { count?: number } | undefined)?.count === 1);
});
