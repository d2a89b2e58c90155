import { meet, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

const time = expect.any(Number);
let cluster: TestCluster;
let environment: { REDIS_URL: string };
let waiting: TestClient;
let pair: { room: string; one: TestClient; two: TestClient };
let guest: TestClient;

beforeAll(async () => {
  cluster = await startCluster();
  environment = { REDIS_URL: cluster.redisServer.url };
  const [one, two] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
  pair = { room: await meet(one, two), one, two };
  guest = await cluster.connect(1, { namespace: "/rooms" });
  await guest.ask("join-room", { roomId: "kitchen", userName: "Ann" });
  waiting = await cluster.connect(0);
  await waiting.join({ type: "video" });
  return cluster.stop;
});

const idOf = ({ socket }: TestClient): string => socket.id ?? "";
const nodeAt = (index: number) => cluster.node(index).id;

describe("status", () => {
  test("nodes with load, lease and version; matchmakers, dialects, queues, Redis", async () => {
    const document = await syJson<{ nodes: { id: string }[] }>(environment, "status");
    const node = { state: "alive", host: expect.any(String), pid: time, version: "0.1.0", started: time, detached: 0 };
    expect(document).toEqual({
      at: time,
      redis: {
        arrangement: "single",
        servers: [
          {
            ...{ address: expect.stringMatching(/:\d+$/), version: expect.stringMatching(/^\d+\.\d+/) },
            ...{ memoryBytes: time, clients: time, commandsPerSecond: time },
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
    const alone = await startCluster({ nodes: 1, matchmakers: 0 });
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
    await pair.one.ask("send_message", { roomId: pair.room, message: "Hello!" });
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
    expect(now.at - before.at).toBeGreaterThanOrEqual(100);
  });
});

describe("rooms, room", () => {
  test("the rooms in which somebody is", async () => {
    const document = await syJson<object>(environment, "rooms");
    const [kitchen, paired] = ["rooms:kitchen", pair.room];
    expect(document).toEqual({
      rooms: [
        { id: paired, dialect: "random", kind: "pair", state: "open", people: 2, created: time },
        { id: kitchen, dialect: "rooms", kind: "meeting", state: "open", people: 1, created: time, changed: time },
      ],
      total: 2,
      more: false,
    });
    expect(await syJson(environment, "rooms", "--dialect", "match")).toEqual({ rooms: [], total: 0, more: false });
    expect(await syJson(environment, "rooms", "--limit", "1")).toMatchObject({ rooms: [{ id: paired }], more: true });
  });

  test("a pair: who is in it, and where", async () => {
    const document = await syJson<object>(environment, "room", pair.room);
    expect(document).toMatchObject({ id: pair.room, state: "open", kind: "pair", dialect: "random", leaving: [] });
    expect(document).toMatchObject({
      members: expect.arrayContaining([
        { session: idOf(pair.one), user: pair.one.user, state: "live", node: nodeAt(0) },
        { session: idOf(pair.two), user: pair.two.user, state: "live", node: nodeAt(1) },
      ]),
    });
  });

  test("a room that clients name", async () => {
    const flags = { audioMuted: false, videoOff: false, screenSharing: false };
    expect(await syJson(environment, "room", "rooms:kitchen")).toMatchObject({
      ...{ id: "rooms:kitchen", kind: "meeting", messages: 0 },
      members: [{ session: idOf(guest), user: idOf(guest), state: "live", node: nodeAt(1), joined: time, flags }],
    });
    const { text } = await sy(environment, "room", "rooms:kitchen");
    expect(text).toContain("Members (1)");
  });

  test("1 for a room that isn't there", async () => {
    expect(await sy(environment, "room", "x")).toEqual({ code: 1, text: "", aside: "sy: there is no room x\n" });
    const { code, text } = await sy(environment, "room", "x", "--json");
    expect([code, JSON.parse(text)]).toEqual([1, { error: "there is no room x" }]);
  });
});

describe("sessions, session", () => {
  test("all, those of a user, those of a node, those of a dialect", async () => {
    const ids = async (...args: string[]) => {
      const { sessions } = await syJson<{ sessions: { id: string }[] }>(environment, "sessions", ...args);
      return sessions.map(({ id }) => id).toSorted();
    };
    const all = [pair.one, pair.two, guest, waiting].map(idOf).toSorted();
    expect(await ids()).toEqual(all);
    expect(await ids("--user", waiting.user)).toEqual([idOf(waiting)]);
    expect(await ids("--user", waiting.user, "--dialect", "match")).toEqual([]);
    expect(await ids("--node", nodeAt(1))).toEqual([pair.two, guest].map(idOf).toSorted());
    expect(await ids("--dialect", "rooms")).toEqual([idOf(guest)]);
    expect(await syJson(environment, "sessions", "--limit", "3")).toMatchObject({ more: true });
    expect((await sy(environment, "sessions", "--node", "nobody")).code).toBe(1);
    expect(await syJson(environment, "sessions", "--user", waiting.user)).toEqual({
      sessions: [
        {
          ...{ id: idOf(waiting), dialect: "random", user: waiting.user, state: "live", node: nodeAt(0) },
          ...{ opened: time, rooms: [], queue: "video" },
        },
      ],
      more: false,
    });
  });

  test("one that waits: in which queue, at which place", async () => {
    expect(await syJson(environment, "session", idOf(waiting))).toMatchObject({
      ...{ id: idOf(waiting), state: "live", dialect: "random", node: nodeAt(0), nodeState: "alive", epoch: 1 },
      waiting: { queue: "video", number: 1, isQueued: true, position: 1, waitedMs: time },
      outbox: { told: 1, kept: 1, first: 1, last: [{ number: 1, event: "waiting_for_partner", bytes: time }] },
    });
  });

  test("one in a room: what it is in, and what it was told; its content only where that is asked for", async () => {
    const document = await syJson<{ outbox: { last: object[] } }>(environment, "session", idOf(pair.one));
    const peer = { id: pair.room, kind: "pair", peer: idOf(pair.two), partner: pair.two.user };
    expect(document).toMatchObject({ user: pair.one.user, rooms: [peer], reserved: [], departing: [], calls: [] });
    expect(JSON.stringify(document)).not.toContain("interests");
    const shown = await sy(environment, "session", idOf(pair.one), "--packets");
    expect(shown.text).toContain('"sharedInterests":[]');
    expect((await sy(environment, "session", idOf(pair.one), "--events", "0")).text).not.toContain("partner_found");
  });

  test("1 for one that isn't there", async () => {
    expect((await sy(environment, "session", "x")).code).toBe(1);
  });
});

describe("queues, keys, doctor", () => {
  test("who waits", async () => {
    const leader = cluster.matchmakers[0]?.id;
    expect(await syJson(environment, "queues")).toEqual({
      queues: [
        ...[{ name: "chat", waiting: 0, connected: 0, oldestWaitMs: 0, pairs: 1 }],
        ...[{ name: "video", waiting: 1, connected: 1, oldestWaitMs: time, pairs: 0 }],
      ].map((queue) => ({ ...queue, meanWaitMs: time, open: 0, oldestOpenMs: 0, leader })),
    });
  });

  test("what is kept, by kind", async () => {
    const { kinds, looked, complete } = await syJson<{ kinds: { kind: string }[]; looked: number; complete: boolean }>(
      ...[environment, "keys", "--pause", "0"],
    );
    expect(complete).toBe(true);
    expect(kinds.find(({ kind }) => kind === "session")).toEqual({
      ...{ kind: "session", count: 4, bytes: time, expiring: 0, longestTtlMs: 0 },
      biggest: { name: expect.stringMatching(/^sy:\{session:.*\}$/), bytes: time },
    });
    expect(kinds.find(({ kind }) => kind === "userMet")).toMatchObject({ count: 2, expiring: 2, longestTtlMs: time });
    expect(kinds.map(({ kind }) => kind)).not.toContain("unknown");
    expect(looked).toBeGreaterThan(20);
    expect(await syJson(environment, "keys", "--limit", "3")).toMatchObject({ looked: 3, complete: false });
  });

  test("healthy", async () => {
    const document = await syJson<object>(environment, "doctor", "--settle", "500");
    expect(document).toEqual({ healthy: true, keys: time, checks: time, findings: [], repairs: [] });
    expect((await sy(environment, "doctor", "--settle", "500")).text).toMatch(/^Healthy: \d+ checks, \d+ keys\.$/);
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
