import { startCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { openScene, type Scene } from "./scene.ts";
import { sy, syJson } from "./sy.ts";

const time = expect.any(Number);
let { cluster, environment, pair } = {} as Scene;
beforeAll(async () => {
  ({ cluster, environment, pair } = await openScene());
  return cluster.stop;
});

const nodeAt = (index: number) => cluster.node(index).id;

describe("status", () => {
  test("nodes with load, lease and version; matchmakers, dialects, queues, Redis", async () => {
    const document = await syJson<{ nodes: { id: string }[] }>(environment, "status");
    const node = { state: "alive", host: expect.any(String), pid: time, version: "0.1.0", started: time, detached: 0 };
    expect(document).toEqual({
      at: time,
      redis: {
        arrangement: "single",
        watermark: 0.8,
        isOverWatermark: false,
        servers: [
          {
            address: expect.stringMatching(/:\d+$/),
            version: expect.stringMatching(/^\d+\.\d+/),
            memoryBytes: time,
            memoryRatio: 0,
            clients: time,
            commandsPerSecond: time,
          },
        ],
      },
      nodes: expect.arrayContaining([
        { id: nodeAt(0), leaseMs: time, port: cluster.node(0).port, connected: 2, ...node },
        { id: nodeAt(1), leaseMs: time, port: cluster.node(1).port, connected: 2, ...node },
      ]),
      matchmakers: [{ id: cluster.matchmakers[0]?.id, leads: ["chat", "video"] }],
      dialects: expect.arrayContaining([
        { name: "random", people: 3, rooms: 1, messages: 0, signals: 0 },
        { name: "rooms", people: 1, rooms: 1, messages: 0, signals: 0 },
      ]),
      queues: [
        { name: "chat", waiting: 0, open: 0, pairs: 1, meanWaitMs: time, leader: cluster.matchmakers[0]?.id },
        { name: "video", waiting: 1, open: 0, pairs: 0, meanWaitMs: 0, leader: cluster.matchmakers[0]?.id },
      ],
    });
    expect(document.nodes).toHaveLength(2);
  });

  test("for people: a table of each", async () => {
    const { code, text } = await sy(environment, "status");
    expect(code).toBe(0);
    expect(text).toContain("Nodes (2 alive)");
    expect(text).toMatch(new RegExp(`^${nodeAt(0)} +alive +.* left +2 +0 `, "m"));
    expect(text).toMatch(/^video +1 +0 +0 /m);
  });

  test("1 where nobody is there to do the work", async () => {
    const alone = await startCluster({ nodes: 1, matchmakers: 0, environment: { LEASE_MS: 60_000 } });
    try {
      expect((await sy({ REDIS_URL: alone.redisServer.url }, "status")).code).toBe(1);
    } finally {
      await alone.stop();
    }
  });
});

describe("top", () => {
  test("two looks, with rates", async () => {
    const looking = sy(environment, "top", "--once", "--interval", "500");
    await pair.one.request("send_message", { roomId: pair.room, message: "Hello!" });
    const { code, text } = await looking;
    expect(code).toBe(0);
    expect(text).toMatch(/^DIALECT +PEOPLE +ROOMS +MESSAGES +SIGNALS +MESSAGES\/S +SIGNALS\/S$/m);
  });

  test("as a document: both looks", async () => {
    const { before, now } = await syJson<Record<"before" | "now", { at: number }>>(
      environment,
      "top",
      "--interval",
      "100",
    );
    expect(now.at - before.at).toBeGreaterThan(90); // timers may be a little early
  });
});

describe("queues, keys, doctor", () => {
  test("who waits", async () => {
    const leader = cluster.matchmakers[0]?.id;
    expect(await syJson(environment, "queues")).toEqual({
      queues: [
        { name: "chat", waiting: 0, connected: 0, oldestWaitMs: 0, pairs: 1 },
        { name: "video", waiting: 1, connected: 1, oldestWaitMs: time, pairs: 0 },
      ].map((queue) => ({ ...queue, meanWaitMs: time, open: 0, oldestOpenMs: 0, leader })),
    });
  });

  test("what is kept, by kind", async () => {
    const { kinds, looked, complete } = await syJson<{ kinds: { kind: string }[]; looked: number; complete: boolean }>(
      environment,
      "keys",
      "--pause",
      "0",
    );
    expect(complete).toBe(true);
    expect(kinds.find(({ kind }) => kind === "session")).toEqual({
      kind: "session",
      count: 4,
      bytes: time,
      expiring: 0,
      longestTtlMs: 0,
      biggest: { name: expect.stringMatching(/^sy:\{session:.*\}$/), bytes: time },
    });
    expect(kinds.find(({ kind }) => kind === "userMet")).toMatchObject({ count: 2, expiring: 2, longestTtlMs: time });
    expect(kinds.map(({ kind }) => kind)).not.toContain("unknown");
    expect(looked).toBeGreaterThan(20);
    expect(await syJson(environment, "keys", "--limit", "3")).toMatchObject({ looked: 3, complete: false });
  });

  test("healthy", async () => {
    const document = await syJson<object>(environment, "doctor", "--settle", "500");
    const memory = { ratio: 0, watermark: 0.8 };
    expect(document).toEqual({ healthy: true, keys: time, checks: time, memory, findings: [], repairs: [] });
    expect((await sy(environment, "doctor", "--settle", "500")).text).toMatch(/^Healthy: \d+ checks, \d+ keys\.$/);
  });

  test("Redis that is almost full is named, here and in the status, which ends with 1", async () => {
    const { redis } = cluster;
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    await redis.config("SET", "maxmemory", Math.round(used / 0.9));
    try {
      const almostFull = "almost full, over the watermark of 80 %: nodes take nothing new";
      expect((await sy(environment, "doctor", "--settle", "100")).text).toContain(`\n\nRedis is ${almostFull}.`);
      const { code, text } = await sy(environment, "status");
      expect([code, text.split("\n")[0]]).toEqual([1, `Redis (single): ${almostFull}`]);
      const lower = { ...environment, REDIS_MEMORY_WATERMARK: "1" };
      expect(await syJson(lower, "status")).toMatchObject({ redis: { watermark: 1, isOverWatermark: false } });
    } finally {
      await redis.config("SET", "maxmemory", 0);
    }
  });

  test("not healthy: 1, until it is repaired", async () => {
    await cluster.store.users.claim("match", "ghost", "nobody");
    const found = {
      check: "user-sessions",
      key: "sy:{user:match:ghost}",
      repairable: true,
      problem: expect.any(String),
    };
    const hurried = { ...environment, LEASE_MS: "500" };
    const { code, text } = await sy(hurried, "doctor", "--settle", "100", "--json");
    expect([code, JSON.parse(text)]).toMatchObject([1, { healthy: false, findings: [found], repairs: [] }]);
    const repaired = await syJson<object>(hurried, "doctor", "--settle", "100", "--repair");
    expect(repaired).toMatchObject({ healthy: true, findings: [], repairs: [{ ...found, done: expect.any(String) }] });
  });
});
