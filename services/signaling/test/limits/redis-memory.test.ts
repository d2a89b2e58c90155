import { insist, pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { fill, isFull } from "./full-redis.ts";

const JWT_SECRET = "a secret that this test alone knows, and no other";
const PAIRS = 20;
const busy = { code: "server_busy", retryable: true, retryAfterMs: 2000, message: expect.any(String) };

let cluster: TestCluster;
let redis: Redis;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET } });
  ({ redis } = cluster);
});
afterAll(() => cluster?.stop());
afterEach(() => cluster.empty());
beforeEach(async () => {
  await redis.config("SET", "maxmemory", 0);
  await allNodes(({ reason }) => reason === undefined);
});

async function allNodes(is: (readiness: { readonly reason?: string }) => boolean): Promise<void> {
  for (const { url } of cluster.nodes) {
    await until("a node to know Redis's memory", async () => {
      const response = await fetch(`${url}/readyz`);
      return response.status === 200 && is((await response.json()) as { reason?: string });
    });
  }
}

/** From now on as much of Redis's memory is used as that share. */
async function use(share: number): Promise<void> {
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  await redis.config("SET", "maxmemory", Math.round(used / share));
}

/** Resolves to the reason why a client is not let in; to `undefined` if it is. */
function refusal({ socket }: TestClient): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once("connect_error", (error) => resolve((error as { data?: unknown }).data));
    socket.once("connect", () => resolve(undefined));
  });
}

/** A little memory may become free for a moment while Redis is kept full. */
async function expectRefused(node: number): Promise<void> {
  const reason = await until("a newcomer to be refused", () => refusal(cluster.client(node)));
  expect(reason).toEqual(busy);
}

async function talk(one: TestClient, two: TestClient, roomId: string, i: number): Promise<void> {
  expect(await one.request("ice_candidate", { roomId, candidate: { i } })).toEqual({ ok: true });
  expect(await two.receive("ice_candidate")).toEqual({ candidate: { i } });
}

async function back(client: TestClient): Promise<void> {
  const { id } = client.socket;
  client.cut();
  await client.connected(2);
  expect([client.socket.recovered, client.socket.id]).toEqual([true, id]);
}

describe("over the watermark", () => {
  const post = (path: string, body?: object) =>
    fetch(cluster.node(0).url + path, {
      method: "POST",
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : null,
    });

  test("nothing new is taken, and what is there goes on; below it everything is taken again", async () => {
    const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
    const roomId = await pairClients(ann, bob);
    const cem = await cluster.connect(0, { auth: { recovery: false } });
    expect(await cem.join({ type: "video" })).toMatchObject({ ok: true });
    await cem.receive("waiting_for_partner");
    await use(0.9);
    await allNodes(({ reason }) => reason !== undefined);

    const newcomers: Readonly<Record<string, readonly [event: string, content: object]>> = {
      "/random": ["join", { userId: "new", type: "chat" }],
      "/rooms": ["join-room", { roomId: "new", userName: "New" }],
      "/calls": ["user-joined", { id: "new", username: "New" }],
      "/match": ["register", { userId: "new", matchId: "new" }],
    };
    for (const [namespace, event] of Object.entries(newcomers)) {
      const client = await cluster.connect(0, { namespace });
      expect(await client.request(...event)).toEqual({ ok: false, error: busy });
    }
    const chatter = { namespace: "/chat", auth: { token: tokenFor(JWT_SECRET, { sub: "new", dialect: "chat" }) } };
    expect(await refusal(cluster.client(0, chatter))).toEqual(busy);
    for (const answer of [
      await post("/api/create-room"),
      await post("/api/auth/register", { username: "new-name", password: "a good password" }),
    ]) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
      expect(await answer.json()).toMatchObject({ code: "server_busy", retryAfterMs: 2000 });
    }

    await talk(ann, bob, roomId, 1);
    expect(await ann.request("send_message", { roomId, message: "short" })).toMatchObject({ ok: true });
    expect(await bob.receive("new_message")).toMatchObject({ text: "short" });
    expect(await ann.request("send_message", { roomId, message: "x".repeat(501) })).toEqual({ ok: false, error: busy });
    await back(ann);
    expect(await ann.join()).toMatchObject({ ok: true }); // as clients do that open again whenever they are connected
    expect(await ann.receive("partner_found")).toMatchObject({ roomId });
    await talk(bob, ann, roomId, 2);
    cem.cut();
    await cem.connected(2);
    expect(await insist(cem, "join", { userId: cem.user, type: "video" })).toMatchObject({ ok: true });
    await cem.receive("waiting_for_partner"); // it can't recover, and is known by its user
    expect(await cluster.node(1).metric("switchyard_redis_memory_over_watermark")).toBe(1);
    expect(await cluster.node(1).metric("switchyard_redis_memory_ratio")).toBeGreaterThan(0.8);

    await use(0.5);
    await allNodes(({ reason }) => reason === undefined);
    expect(await (await cluster.connect(0, chatter)).receive("message_history")).toEqual([]);
    expect(await ann.request("leave_room", { roomId })).toEqual({ ok: true });
    expect(await (await cluster.connect(1)).join()).toMatchObject({ ok: true });
    expect((await post("/api/create-room")).status).toBe(200);
  });
});

test("at maxmemory pairs signal, are cut, recover and leave, and new ones are refused; with memory again all are let in", async () => {
  const pairs = [];
  for (let i = 0; i < PAIRS; i += 1) {
    const [one, two] = [await cluster.connect(i % 2), await cluster.connect((i + 1) % 2)] as const;
    pairs.push({ one, two, roomId: await pairClients(one, two) });
  }
  const stranger = await cluster.connect(0);
  const free = await fill(redis);
  onTestFinished(free);
  await allNodes(({ reason }) => reason !== undefined);

  await Promise.all(pairs.map(({ one, two, roomId }) => talk(one, two, roomId, 1)));
  expect(await stranger.join()).toEqual({ ok: false, error: busy });
  await expectRefused(1);
  await Promise.all(pairs.map(({ one }) => back(one)));
  await until("Redis to be full", () => isFull(redis));
  await Promise.all(pairs.map(({ one, two, roomId }) => talk(two, one, roomId, 2)));
  await Promise.all(
    pairs.map(async ({ one, two, roomId }, i) => {
      if (i % 2 === 0) expect(await one.request("leave_room", { roomId })).toEqual({ ok: true });
      else one.leave();
      expect(await two.receive("partner_disconnected")).toEqual({});
    }),
  );
  await until("Redis to be full", () => isFull(redis));
  await expectRefused(0);

  await free();
  await allNodes(({ reason }) => reason === undefined);
  await pairClients(stranger, await cluster.connect(1));
  const sweeps = () => cluster.matchmakers[0]?.metric("switchyard_sweeps_total");
  const before = await sweeps();
  await until("sweeps to go on", async () => Number(await sweeps()) > Number(before));
});
