import { randomUUID } from "node:crypto";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { withinWindow } from "./waiting.ts";

/** Times that no test outlasts. */
const HOUR_S = 3600;
const BLOCK_S = 600;
/** The node whose times are waited for. */
const BRIEF = 2;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({
    matchmakers: 0,
    environment: {
      ...patient,
      TRUST_PROXY: "loopback",
      HTTP_RATE_LIMIT_POINTS: 60,
      RATE_LIMIT_DURATION: HOUR_S,
      REGISTER_RATE_LIMIT_POINTS: 3,
      LOGIN_RATE_LIMIT_POINTS: 8,
      LOGIN_RATE_LIMIT_DURATION: HOUR_S,
      CREATE_ROOM_RATE_LIMIT_POINTS: 5,
      LOGIN_FREE_TRIES: 4,
      LOGIN_BLOCK_DURATION: BLOCK_S,
    },
  });
  const brief = { HTTP_RATE_LIMIT_POINTS: 3, RATE_LIMIT_DURATION: 1, LOGIN_BLOCK_DURATION: 1 };
  await cluster.start("signaling", brief);
  return cluster.stop;
});

/** An address of documentation's own networks (RFC 3849) that no other test has. */
const anAddress = () => `2001:db8:${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}::1`;
const aName = () => `user-${randomUUID().slice(0, 13)}`;
const ask = (path: string, address: string, node = 0, init: RequestInit = {}) =>
  fetch(cluster.node(node).url + path, { ...init, headers: { "x-forwarded-for": address, ...init.headers } });
const post = (path: string, body: object, address = anAddress(), node = 0) =>
  ask(path, address, node, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

async function expectTooMany(response: Response, longestMs: number): Promise<number> {
  expect(response.status).toBe(429);
  const body = (await response.json()) as { retryAfterMs: number };
  expect(body).toEqual({ error: expect.any(String), code: "rate_limited", retryAfterMs: expect.any(Number) });
  expect(body.retryAfterMs).toBeGreaterThan(0);
  expect(body.retryAfterMs).toBeLessThanOrEqual(longestMs);
  expect(response.headers.get("retry-after")).toBe(String(Math.ceil(body.retryAfterMs / 1000)));
  return body.retryAfterMs;
}

test("requests to /api are limited by address, over both nodes; after the time to wait they are answered again", async () => {
  const address = anAddress();
  const askBoth = () => Promise.all(Array.from({ length: 100 }, (_, i) => ask("/api/ice-servers", address, i % 2)));
  const answers = await askBoth();
  const passed = answers.filter(({ status }) => status === 200).length;
  expect(passed).toBeGreaterThanOrEqual(60);
  expect(passed).toBeLessThanOrEqual(60 + 2 * 6);
  await askBoth(); // by now both nodes know
  for (const node of [0, 1]) await expectTooMany(await ask("/api/ice-servers", address, node), HOUR_S * 1000);
  expect((await ask("/api/%69ce-servers", address)).status).toBe(429);
  expect((await ask("/api/ice-servers", anAddress())).status).toBe(200);
  for (const path of ["/health", "/healthz", "/readyz"]) expect((await ask(path, address)).status).toBe(200);
  await withinWindow(1000, async (waitFor) => {
    const other = anAddress();
    for (let i = 0; i < 3; i += 1) expect((await ask("/api/ice-servers", other, BRIEF)).status).toBe(200);
    await waitFor(await expectTooMany(await ask("/api/ice-servers", other, BRIEF), 1000));
    expect((await ask("/api/ice-servers", other, BRIEF)).status).toBe(200);
  });
});

test("figures are limited by address, by an allowance of their own; liveness and readiness are not", async () => {
  const address = anAddress();
  const paths = ["/health", "/stats", "/metrics", "/"];
  const answers = await Promise.all(
    Array.from({ length: 120 }, (_, i) => ask(paths[i % paths.length] ?? "", address, i % 2)),
  );
  const passed = answers.filter(({ status }) => status === 200).length;
  expect(passed).toBeGreaterThanOrEqual(60);
  expect(passed).toBeLessThanOrEqual(60 + 2 * 6);
  await Promise.all(Array.from({ length: 60 }, (_, i) => ask("/stats", address, i % 2))); // by now both nodes know
  for (const path of paths) await expectTooMany(await ask(path, address), HOUR_S * 1000);
  for (const path of ["/healthz", "/readyz", "/api/ice-servers"]) {
    for (const node of [0, 1]) expect((await ask(path, address, node)).status).toBe(200);
  }
  expect((await ask("/health", anAddress())).status).toBe(200);
  expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="figures".*\\}')).toBeGreaterThan(0);
});

test("creating rooms is limited by address, over both nodes, and looking at them is not", async () => {
  const address = anAddress();
  const create = (node: number, from = address) => ask("/api/create-room", from, node, { method: "POST" });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => create(i % 2)));
  const passed = answers.filter(({ status }) => status === 200).length;
  expect(passed).toBeGreaterThanOrEqual(5);
  expect(passed).toBeLessThanOrEqual(5 + 2);
  for (const node of [0, 1]) await expectTooMany(await create(node), HOUR_S * 1000);
  expect((await ask("/api/ice-servers", address)).status).toBe(200);
  expect((await create(0, anAddress())).status).toBe(200);
  expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="create-room".*\\}')).toBeGreaterThan(0);
});

describe("accounts", () => {
  const password = "a long enough password";

  test("registering is limited by address", async () => {
    const address = anAddress();
    for (let i = 0; i < 3; i += 1) {
      expect((await post("/api/auth/register", { username: aName(), password }, address, i % 2)).status).toBe(201);
    }
    await expectTooMany(await post("/api/auth/register", { username: aName(), password }, address, 1), HOUR_S * 1000);
    expect((await post("/api/auth/register", { username: aName(), password })).status).toBe(201);
  });

  test("guessing is limited by name, whether there is such an account or not; the owner gets in after the block", async () => {
    const register = async () => {
      const username = aName();
      expect((await post("/api/auth/register", { username, password })).status).toBe(201);
      return username;
    };
    const guessFour = async (name: string, nodes: readonly [number, number], blockMs: number) => {
      for (let i = 0; i < 4; i += 1) {
        const guess = { username: name, password: "wrong" };
        expect((await post("/api/auth/login", guess, anAddress(), nodes[i % 2])).status).toBe(401);
      }
      const right = { username: name.toUpperCase(), password };
      return expectTooMany(await post("/api/auth/login", right, anAddress(), nodes[0]), blockMs);
    };
    for (const name of [aName(), await register()]) await guessFour(name, [0, 1], BLOCK_S * 1000);
    await withinWindow(1000, async (waitFor) => {
      const username = await register();
      await waitFor(await guessFour(username, [BRIEF, BRIEF], 1000));
      const own = { username, password };
      for (let i = 0; i < 6; i += 1) {
        expect((await post("/api/auth/login", own, anAddress(), BRIEF)).status).toBe(200);
      }
    });
  });

  test("logging in is limited by address", async () => {
    const address = anAddress();
    for (let i = 0; i < 8; i += 1) {
      const attempt = { username: aName(), password: "wrong" };
      expect((await post("/api/auth/login", attempt, address, i % 2)).status).toBe(401);
    }
    await expectTooMany(
      await post("/api/auth/login", { username: aName(), password: "wrong" }, address),
      HOUR_S * 1000,
    );
    expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="login".*\\}')).toBe(1);
  });
});

test("a body over the limit is refused", async () => {
  const response = await post("/api/auth/login", { username: aName(), password: "x".repeat(65_536) });
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ error: expect.any(String), code: "payload_too_large" });
});
