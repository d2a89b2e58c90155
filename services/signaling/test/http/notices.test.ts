import { randomUUID } from "node:crypto";
import { notify, sweepNotices } from "@switchyard/core";
import { dialectLimitsOf, dialects, limitSettings, openContexts } from "@switchyard/dialects";
import { readConfig } from "@switchyard/runtime";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const [ADMIN_TOKEN, OBSERVER_TOKEN] = ["for-operators", "for-observers"];
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ADMIN_TOKEN, OBSERVER_TOKEN } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const EVENT = "app:order-paid";

interface Asked {
  readonly to: object;
  readonly event?: string;
  readonly payload?: unknown;
  readonly id?: string;
  readonly token?: string;
  readonly node?: number;
}

async function ask({ token = ADMIN_TOKEN, node = 0, event = EVENT, ...body }: Asked) {
  const response = await fetch(`${cluster.node(node).url}/api/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ event, ...body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function enterMatch(node: number, matchId: string): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/match" });
  await client.request("register", { userId: client.user, matchId });
  await client.receive("joined");
  return client;
}
const comeOnline = async (node: number): Promise<TestClient> => {
  const client = await cluster.connect(node, { namespace: "/calls" });
  const profile = { id: client.user, username: "Ann", joinedAt: "2026-01-02T03:04:05.678Z" };
  expect((await client.request("user-joined", profile)).ok).toBe(true);
  return client;
};
const notices = (client: TestClient) => client.received.filter(({ name }) => name === EVENT).map(({ args }) => args[0]);

/** The client's connection breaks; resolves when its session waits for it. */
async function cut(client: TestClient): Promise<void> {
  const session = client.socket.id ?? "";
  client.socket.io.reconnection(false);
  client.socket.io.engine.close();
  await until("it to be away", async () => (await cluster.store.sessions.read(session))?.state === "detached");
}
async function comeBack(client: TestClient): Promise<void> {
  const { connects } = client;
  client.socket.connect();
  await client.connected(connects + 1);
  expect(client.socket.recovered).toBe(true);
}

test("a user receives it at another node, and one that is away when it is back, numbered with all else", async () => {
  const matchId = randomUUID();
  const [ann, bob] = [await enterMatch(0, matchId), await enterMatch(1, matchId)];
  await ann.receive("user-joined");
  const to = { user: bob.user, dialect: "match" };
  const { status, body } = await ask({ to, payload: { order: 7 } });
  expect([status, body]).toEqual([
    200,
    { id: expect.any(String), kept: true, connected: 1, detached: 0, done: true, repeated: false },
  ]);
  expect(await bob.receive(EVENT)).toEqual({ order: 7 });
  await cut(bob);
  const [id, node] = [randomUUID(), 1];
  expect((await ask({ to, payload: 8, id })).body).toMatchObject({ kept: true, connected: 0, detached: 1 });
  expect((await ann.request("offer", { offer: {}, to: bob.user })).ok).toBe(true);
  expect((await ask({ to, payload: 8, id, node })).body).toMatchObject({ detached: 1, repeated: true });
  expect((await ask({ to, payload: 9, id, node })).status).toBe(409);
  await comeBack(bob);
  expect(await bob.receive(EVENT)).toBe(8);
  expect(bob.received.at(-1)?.number).toBeGreaterThan(1);
  await bob.receive("offer");
  expect(notices(ann)).toEqual([]);
  expect((await ask({ to: { ...to, user: "nobody" } })).body).toMatchObject({ kept: false, connected: 0, done: true });
});

test("a room's members receive it, and nobody else", async () => {
  const [matchId, other] = [randomUUID(), randomUUID()];
  const inside = [await enterMatch(0, matchId), await enterMatch(1, matchId)];
  const outside = await enterMatch(1, other);
  const { body } = await ask({ to: { room: `match:${matchId}` } });
  expect(body).toMatchObject({ kept: true, connected: 2, detached: 0 });
  for (const client of inside) await until("it to arrive", () => notices(client).length > 0);
  await outside.caughtUp();
  expect([...inside, outside].map(notices)).toEqual([[null], [null], []]);
  expect((await ask({ to: { room: `match:${randomUUID()}` } })).body.error).toBe("There is no such room.");
});

test("everyone in a dialect with a feed receives one entry of it, once and in order", async () => {
  const [ann, bob] = [await comeOnline(0), await comeOnline(1)];
  await cut(bob);
  const id = randomUUID();
  const sent = await Promise.all([0, 1].map((node) => ask({ to: { dialect: "calls" }, payload: "sale", id, node })));
  expect(new Set(sent.map(({ body }) => body.entry)).size).toBe(1);
  expect(sent[0]?.body).toMatchObject({ kept: true, done: true, entry: expect.stringMatching(/^\d+-\d+$/) });
  await comeBack(bob);
  for (const client of [ann, bob]) await until("it to arrive", () => notices(client).length > 0);
  const cem = await comeOnline(0);
  for (const client of [ann, bob, cem]) await client.caughtUp();
  expect([ann, bob, cem].map(notices)).toEqual([["sale"], ["sale"], []]);
});

test("everyone in a dialect without a feed receives it, page by page, also where the process died between two", async () => {
  const clients = [await enterMatch(0, randomUUID()), await enterMatch(1, randomUUID())];
  const [ann, bob] = clients as [TestClient, TestClient];
  await cut(bob);
  expect((await ask({ to: { dialect: "match" }, payload: 1 })).body).toMatchObject({ connected: 1, detached: 1 });
  const { store } = cluster;
  const limits = dialectLimitsOf(readConfig(limitSettings, {}));
  const contexts = openContexts(dialects, store, limits);
  const died = new Error("the process died");
  const dying = new Proxy(store.notices, {
    get: (target, name: keyof typeof store.notices) =>
      name === "advance" ? () => Promise.reject(died) : (target[name] as (...args: unknown[]) => unknown).bind(target),
  });
  const request = { id: randomUUID(), to: { kind: "dialect", dialect: "match" }, name: EVENT, payload: 2 } as const;
  const noted = { ...request, by: "max", isAudited: false };
  const dead = { store: { ...store, notices: dying }, contexts: new Map(), graceMs: 0 };
  await expect(notify({ ...dead, contexts: openContexts(dialects, dead.store, limits) }, noted)).rejects.toBe(died);
  expect(await sweepNotices({ store, contexts, graceMs: 0 })).toBe(0); // it may be alive
  await cluster.redis.zadd("sy:{moderation}:open-notices", 1, request.id);
  expect(await sweepNotices({ store, contexts, graceMs: 0 })).toBe(1);
  expect(await notify({ store, contexts, graceMs: 0 }, noted)).toMatchObject({
    connected: 1,
    detached: 1,
    isRepeated: true,
  });
  await comeBack(bob);
  for (const client of [ann, bob]) await until("both to arrive", () => notices(client).length > 1);
  for (const client of [ann, bob]) await client.caughtUp();
  expect([ann, bob].map(notices)).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

describe("what is refused", () => {
  const to = { dialect: "match" };
  test.each([
    ["an event of a dialect", { event: "offer" }, "match itself has an event offer."],
    ["an event of another dialect", { event: "partner_found" }, "random itself has an event partner_found."],
    ["an error", { event: "error" }, "itself has an event error."],
    ["what Socket.IO keeps for itself", { event: "connect_error" }, "Socket.IO itself has an event connect_error."],
    ["a name that is none", { event: "@state" }, "event: must be a name that an event can have."],
    ["a payload that is too large", { payload: "é".repeat(512) }, "at most 1024 bytes of JSON"],
    [
      "one for a user that is",
      { to: { user: "a", dialect: "match" }, payload: "x".repeat(8191) },
      "at most 8192 bytes",
    ],
    ["a payload that is too deep", { payload: JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`) }, "at most 32 levels"],
    ["a dialect that there is not", { to: { dialect: "latin" } }, "There is no dialect latin."],
    ["nobody", { to: {} }, "to:"],
    ["an id that is none", { id: "a b" }, "id: must be"],
  ])("%s", async (_, asked, message) => {
    const { status, body } = await ask({ to, ...asked });
    expect([status, body.code, body.error]).toEqual([400, "validation", expect.stringContaining(message)]);
  });

  test("without the operators' token, and over the limit of all back ends together", async () => {
    expect((await ask({ to, token: "wrong" })).status).toBe(401);
    expect((await ask({ to, token: OBSERVER_TOKEN })).status).toBe(403);
    const limited = await cluster.start("signaling", { BROADCAST_RATE_LIMIT_POINTS: "2", HTTP_RATE_LIMIT_POINTS: "1" });
    const node = cluster.nodes.indexOf(limited);
    const asked = [];
    for (let i = 0; i < 3; i += 1) asked.push((await ask({ to, node })).status);
    expect(asked).toContain(429);
    expect((await ask({ to: { user: "ann", dialect: "match" }, node })).status).toBe(200);
    await limited.stop();
    cluster.nodes.splice(node, 1);
  });
});
