import { request } from "node:http";
import { keys } from "@switchyard/store";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { byPolling, from, type Handshake } from "./handshakes.ts";

const MAX = 6;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, MAX_CONNECTIONS_PER_IP: MAX, TRUST_PROXY: "loopback" };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});

/** Addresses of documentation's own network (RFC 5737), another one for each test. */
let address = "";
let count = 0;
const clients = new Set<TestClient>();
const handshakes = new Set<Handshake>();
beforeEach(() => {
  count += 1;
  address = `203.0.113.${count}`;
});
afterEach(async () => {
  for (const client of clients) client.leave();
  clients.clear();
  for (const handshake of handshakes) await handshake.close();
  handshakes.clear();
});

const behind = () => ({ extraHeaders: from(address) });
async function fill(node: number, times: number): Promise<TestClient[]> {
  const filled = await Promise.all(Array.from({ length: times }, () => cluster.connect(node, behind())));
  for (const client of filled) clients.add(client);
  return filled;
}

/** How a node answers a handshake by polling. */
async function poll(node: number, other = address): Promise<Handshake> {
  const handshake = await byPolling(cluster.node(node), other);
  handshakes.add(handshake);
  return handshake;
}

/** The status that a request for a WebSocket is refused with. */
function upgrade(key: string): Promise<number | undefined> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
    ...from(address),
  };
  const { port } = cluster.node(0);
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path: "/socket.io/?EIO=4&transport=websocket", headers });
    asked.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
    asked.on("upgrade", () => reject(new Error("it was let in")));
    asked.end();
  });
}

async function turnedAway(node: number, options = {}): Promise<boolean> {
  const client = cluster.client(node, { ...behind(), reconnection: false, timeout: 60_000, ...options });
  let failed = false;
  client.socket.on("connect_error", () => {
    failed = true;
  });
  await until("a client to be connected or refused", () => failed || client.socket.connected);
  client.leave();
  return failed;
}

test("as many as there may be, over both nodes; one more is told why", async () => {
  await fill(0, 4);
  await fill(1, 2);
  for (const node of [0, 1]) {
    const response = await poll(node);
    expect(response.status).toBe(429);
    expect(JSON.parse(response.body)).toEqual({ error: expect.any(String), code: "rate_limited" });
    expect(await turnedAway(node)).toBe(true);
    expect(await turnedAway(node, { transports: ["polling"] })).toBe(true);
    expect(await cluster.node(node).metric('switchyard_limits_hit_total\\{limit="connections".*\\}')).toBe(3);
  }
});

test("a WebSocket's handshake is refused with 429 too", async () => {
  await fill(0, MAX);
  expect(await upgrade("dGhlIHNhbXBsZSBub25jZQ==")).toBe(429);
});

test("many at once don't get past, and other addresses are not concerned", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => poll(i % 2)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(MAX);
  expect((await poll(0, "198.51.100.1")).status).toBe(200);
});

test("who leaves makes room, at the other node as well", async () => {
  const [first] = await fill(0, MAX);
  expect((await poll(1)).status).toBe(429);
  first?.leave();
  await until("there to be room", async () => !(await turnedAway(1)));
});

test("an upgrade is not one more", async () => {
  const options = { ...behind(), transports: ["polling", "websocket"] };
  for (let i = 0; i < MAX; i += 1) {
    const client = await cluster.connect(0, options);
    clients.add(client);
    await until("it to be upgraded", () => client.socket.io.engine.transport.name === "websocket");
  }
  expect((await poll(0)).status).toBe(429);
});

test("a handshake that comes to nothing leaves nothing behind", async () => {
  for (let i = 0; i < 2 * MAX; i += 1) {
    expect(await upgrade("not a key")).toBe(400);
    const oldProtocol = `${cluster.node(0).url}/socket.io/?EIO=3&transport=polling`;
    expect((await fetch(oldProtocol, { headers: from(address) })).status).toBe(400);
  }
  await fill(0, MAX);
});

test("few connections are a node's own affair: Redis is told of those beyond a twentieth of the limit", async () => {
  const roomy = await cluster.start("signaling", { MAX_CONNECTIONS_PER_IP: 100 });
  const connect = async () => void clients.add(await cluster.connect(roomy, behind()));
  for (let i = 0; i < 5; i += 1) await connect();
  expect(await cluster.redis.exists(keys.addressConnections(address))).toBe(0);
  await connect();
  expect(await cluster.redis.hget(keys.addressConnections(address), roomy.id)).toMatch(/^6:/);
});

test("nothing is left in Redis when everybody is gone", async () => {
  await until("the keys to be gone", async () => (await cluster.redis.keys("sy:{address:*")).length === 0);
});
