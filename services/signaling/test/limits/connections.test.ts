import { request } from "node:http";
import { keys } from "@switchyard/store";
import {
  type ServiceProcess,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";

const MAX = 6;
const LEASE_MS = 2000;

let cluster: TestCluster<ServiceProcess>;
beforeAll(async () => {
  cluster = await startProcessCluster({
    matchmakers: 0,
    environment: {
      ...{ MAX_CONNECTIONS_PER_IP: MAX, LEASE_MS, TRUST_PROXY: "loopback" },
      ...{ PING_INTERVAL_MS: 1000, PING_TIMEOUT_MS: 4000 },
    },
  });
  return cluster.stop;
});

/** Addresses of documentation's own network (RFC 5737), another one for each test. */
let address = "";
let count = 0;
const clients = new Set<TestClient>();
beforeEach(() => {
  count += 1;
  address = `203.0.113.${count}`;
});
afterEach(() => {
  for (const client of clients) client.leave();
  clients.clear();
});

const behind = (from: string) => ({ extraHeaders: { "x-forwarded-for": from } });
async function fill(node: number, times: number): Promise<TestClient[]> {
  const filled = await Promise.all(Array.from({ length: times }, () => cluster.connect(node, behind(address))));
  for (const client of filled) clients.add(client);
  return filled;
}

/** How a node answers a handshake: by polling, or for a WebSocket. */
const byPolling = (node: number, from = address) =>
  fetch(`${cluster.node(node).url}/socket.io/?EIO=4&transport=polling`, { headers: { "x-forwarded-for": from } });

/** The status that a request for a WebSocket is refused with. */
function upgrade(key: string): Promise<number | undefined> {
  const headers = {
    ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    ...{ "sec-websocket-key": key, "x-forwarded-for": address },
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
  const client = cluster.client(node, { ...behind(address), reconnection: false, ...options });
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
    const response = await byPolling(node);
    expect(response.status).toBe(429);
    expect(await response.json()).toEqual({ error: expect.any(String), code: "rate_limited" });
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
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => byPolling(i % 2)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(MAX);
  expect((await byPolling(0, "198.51.100.1")).status).toBe(200);
});

test("who leaves makes room, at the other node as well", async () => {
  const [first] = await fill(0, MAX);
  expect((await byPolling(1)).status).toBe(429);
  first?.leave();
  await until("there to be room", async () => !(await turnedAway(1)));
});

test("an upgrade is not one more", async () => {
  const options = { ...behind(address), transports: ["polling", "websocket"] };
  for (let i = 0; i < MAX; i += 1) {
    const client = await cluster.connect(0, options);
    clients.add(client);
    await until("it to be upgraded", () => client.socket.io.engine.transport.name === "websocket");
  }
  expect((await byPolling(0)).status).toBe(429);
});

test("a handshake that comes to nothing leaves nothing behind", async () => {
  for (let i = 0; i < 2 * MAX; i += 1) {
    expect(await upgrade("not a key")).toBe(400);
    const oldProtocol = `${cluster.node(0).url}/socket.io/?EIO=3&transport=polling`;
    expect((await fetch(oldProtocol, { headers: behind(address).extraHeaders })).status).toBe(400);
  }
  await fill(0, MAX);
});

test("few connections are a node's own affair: Redis is told of those beyond a twentieth of the limit", async () => {
  const roomy = await cluster.start("signaling", { MAX_CONNECTIONS_PER_IP: 100 });
  const connect = async () => void clients.add(await cluster.connect(roomy, behind(address)));
  for (let i = 0; i < 5; i += 1) await connect();
  expect(await cluster.redis.exists(keys.addressConnections(address))).toBe(0);
  await connect();
  expect(await cluster.redis.hget(keys.addressConnections(address), roomy.id)).toMatch(/^6:/);
});

test("the connections of a node that was killed don't count for ever; those of one that lives do", async () => {
  const doomed = await cluster.start("signaling");
  const held = await Promise.all(Array.from({ length: MAX }, () => cluster.connect(doomed, behind(address))));
  for (const client of held) client.socket.io.reconnection(false);
  const first = await toldUntil(doomed.id);
  await until("it to be told again", async () => (await toldUntil(doomed.id)) > first + LEASE_MS);
  expect((await byPolling(0)).status).toBe(429);
  await doomed.kill();
  await until("the dead node's connections to be forgotten", async () => (await byPolling(0)).status === 200);
  await fill(1, MAX - 1);
  expect((await byPolling(1)).status).toBe(429);
});

/** Until when what a node told of its connections counts, Unix ms. */
async function toldUntil(node: string): Promise<number> {
  return Number((await cluster.redis.hget(keys.addressConnections(address), node))?.split(":")[1]);
}

test("nothing is left in Redis when everybody is gone", async () => {
  await until("the keys to be gone", async () => (await cluster.redis.keys("sy:{address:*")).length === 0);
});
