import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { openBearer, tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { byPolling, from } from "./handshakes.ts";
import { RawClient } from "./raw-client.ts";

const JWT_SECRET = "a secret of at least 32 characters, for tests";
const { CONNECT_RATE_LIMIT_POINTS, ADDRESS_RATE_LIMIT_USERS, RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS } =
  readSignalingConfig({});
const HOUR_S = 3600;
/** Most commands of Redis that a connect costs, and the disconnect after it. */
const COMMANDS = 40;

let cluster: TestCluster;
beforeAll(async () => {
  const limits = { CONNECT_RATE_LIMIT_POINTS, ADDRESS_RATE_LIMIT_USERS, RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS };
  const environment = {
    ...patient,
    ...limits,
    JWT_SECRET,
    TRUST_PROXY: "loopback",
    CONNECT_RATE_LIMIT_DURATION: HOUR_S,
  };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});

/** How many commands Redis was given so far, those of scripts included, by everybody. */
async function commands(): Promise<number> {
  const stats = await cluster.redis.info("commandstats");
  return [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)].reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

test.each([
  ["a thousand connects and disconnects", undefined],
  ["a thousand attempts to recover what never was", { pid: "invented", offset: "1" }],
])("%s on one connection cost Redis what the allowance lets through", async (_, auth) => {
  const client = await RawClient.open(cluster, 0, "203.0.113.1");
  await client.connect("/rooms");
  const before = await commands();
  let served = 1;
  let refusal = await client.connect("/random", auth);
  for (; !refusal; served += 1) {
    await client.disconnect("/random");
    refusal = await client.connect("/random", auth);
  }
  expect(served).toBe(CONNECT_RATE_LIMIT_POINTS);
  const { raw } = client;
  for (let i = served; i < 1000; i += 1) raw.sendText(`40/random,${auth ? JSON.stringify(auth) : ""}`);
  const refused = () => raw.received.filter((text) => text.startsWith("44/random,")).length;
  await until("all others to be refused", () => refused() === 1000 - served + 1);
  expect((await commands()) - before).toBeLessThan(CONNECT_RATE_LIMIT_POINTS * COMMANDS);
  expect(refusal).toEqual({
    message: expect.any(String),
    data: { code: "rate_limited", message: expect.any(String), retryable: true, retryAfterMs: expect.any(Number) },
  });
  raw.close();
});

test("an address that connects more often than that is refused at the handshake, which stock clients survive", async () => {
  const limits = { CONNECT_RATE_LIMIT_POINTS: 20, ADDRESS_RATE_LIMIT_USERS: 1, CONNECT_RATE_LIMIT_DURATION: 1 };
  const own = await cluster.start("signaling", limits);
  const address = "203.0.113.3";
  const extraHeaders = from(address);
  const clients = Array.from({ length: 60 }, () => cluster.client(own, { extraHeaders }));
  await Promise.all(clients.map((client) => client.connected()));
  expect(await own.metric('switchyard_limits_hit_total\\{limit="address-connect".*\\}')).toBeGreaterThan(0);
  const refused = await until("a handshake to be refused", async () => {
    const handshake = await byPolling(own, address);
    return handshake.status === 429 ? handshake : void handshake.close();
  });
  expect(JSON.parse(refused.body)).toEqual({
    error: expect.any(String),
    code: "rate_limited",
    retryAfterMs: expect.any(Number),
  });
  const elsewhere = await byPolling(own, "203.0.113.4");
  expect(elsewhere.status).toBe(200);
  await elsewhere.close();
});

test("a handshake counts with the first namespace; further ones count for the address too", async () => {
  const limits = { CONNECT_RATE_LIMIT_POINTS: 5, ADDRESS_RATE_LIMIT_USERS: 1 };
  const own = await cluster.start("signaling", limits);
  const address = "203.0.113.5";
  const client = await RawClient.open(cluster, cluster.nodes.indexOf(own), address);
  for (const namespace of ["/random", "/rooms", "/match"]) expect(await client.connect(namespace)).toBeUndefined();
  const other = await RawClient.open(cluster, cluster.nodes.indexOf(own), address);
  expect(await other.connect("/random")).toBeUndefined();
  expect(await other.connect("/rooms")).toBeUndefined();
  expect((await other.connect("/match"))?.data).toMatchObject({ code: "rate_limited" });
  expect((await byPolling(own, address)).status).toBe(429);
});

test("a user's tokens open so many sessions, whatever their addresses; more try again by themselves", async () => {
  const own = await cluster.start("signaling", { CONNECT_RATE_LIMIT_POINTS: 3, CONNECT_RATE_LIMIT_DURATION: 1 });
  const token = tokenFor(JWT_SECRET, { sub: "ann", dialect: "chat" });
  const bearers = Array.from({ length: 8 }, (_, i) =>
    openBearer(cluster, own, token, { namespace: "/chat", extraHeaders: from(`198.51.100.${i + 1}`) }),
  );
  await Promise.all(bearers.map(({ client }) => client.connected()));
  expect(await own.metric('switchyard_limits_hit_total\\{limit="connect".*\\}')).toBeGreaterThan(0);
  expect(bearers.flatMap(({ errors }) => errors)).toEqual([]);
});
