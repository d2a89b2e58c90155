import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const AT_ONCE = 40;
const ROUNDS = 25;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, MAX_CONNECTIONS_PER_IP: 10 * AT_ONCE, TRUST_PROXY: "loopback" };
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment });
  return cluster.stop;
});

function upgrade(...headers: readonly string[]): string {
  const key = randomBytes(16).toString("base64");
  return [
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${key}`,
    ...headers,
    "\r\n",
  ].join("\r\n");
}

const polling = () => "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n";
const request = () => "GET /api/ice-servers HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Asks, and breaks the connection before the node has read that. */
async function askAndReset(ask: () => string): Promise<void> {
  const socket = connect(cluster.node(0).port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  const gone = once(socket, "close");
  socket.write(ask(), () => socket.resetAndDestroy());
  await gone;
}

test.each([
  ["a WebSocket's handshake", () => upgrade()],
  ["a polling handshake", polling],
  ["a request of the API", request],
])("%s whose connection is reset before it is read costs nothing", async (_, ask) => {
  for (let i = 0; i < ROUNDS; i += 1) await Promise.all(Array.from({ length: AT_ONCE }, () => askAndReset(ask)));
  const client = await cluster.connect(0);
  expect(await client.request("where", {})).toMatchObject({ ok: true });
  expect(cluster.node(0).errors()).toEqual([]);
});

test("a WebSocket's handshake whose connection is reset while Redis is asked costs nothing", async () => {
  const { redis } = cluster;
  const address = "203.0.113.1";
  await redis.call("CLIENT", "PAUSE", "60000", "WRITE");
  const sockets = Array.from({ length: AT_ONCE }, () => connect(cluster.node(0).port, "127.0.0.1"));
  const ended = sockets.map((socket) =>
    once(
      socket.on("error", () => {}),
      "close",
    ),
  );
  try {
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    for (const socket of sockets) socket.write(upgrade(`X-Forwarded-For: ${address}`));
    // what arrived at the node before this request is read before it is answered
    expect((await fetch(`${cluster.node(0).url}/healthz`)).status).toBe(200);
  } finally {
    for (const socket of sockets) socket.resetAndDestroy();
    await Promise.all(ended);
    await redis.call("CLIENT", "UNPAUSE");
  }
  expect(await (await cluster.connect(0)).request("where", {})).toMatchObject({ ok: true });
  expect(cluster.node(0).errors()).toEqual([]);
});
