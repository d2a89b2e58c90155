import { randomUUID } from "node:crypto";
import {
  type Context,
  comeOnline,
  disconnect,
  enter,
  finishRecovery,
  join,
  leaveRoom,
  Participant,
} from "@switchyard/core";
import { dialects, openContexts } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import { keys, type Store } from "@switchyard/store";
import { openTestStore, startRedis, type TestStore } from "@switchyard/testkit";

import { afterEach, beforeAll, expect, test } from "vitest";
import { interruptedStore } from "./interruption.ts";

const limits = {
  callParticipants: 4,
  roomParticipants: 4,
  roomLingerMs: 0,
  historyLimit: 10,
  messagesKept: 10,
  chatHistoryBytes: 1_048_576,
  retentionMs: 60_000,
  peopleListed: 10,
  reportsPerDay: 100,
  reportsKept: 1000,
  reportRetentionMs: 60_000,
};

let store: Store;
let redis: TestStore["redis"];
beforeAll(async () => {
  const server = await startRedis();
  const { close, ...opened } = await openTestStore(server.url);
  ({ store, redis } = opened);
  return async () => {
    await close();
    await server.stop();
  };
});
afterEach(() => redis.flushdb());

const secret = randomUUID();

function contextOf(dialect: DialectName, by = store): Context {
  const context = openContexts(dialects, by, limits).get(dialect);
  if (!context) throw new Error(`${dialect} is no dialect`);
  return context;
}

/** Somebody who has just connected to a node. */
async function connected(dialect: DialectName, node = "a node"): Promise<Participant> {
  const session = randomUUID();
  expect(await store.sessions.open(session, dialect, secret, node)).toBe(true);
  return new Participant(session, dialect, 1);
}

const request = (user: string) => ({
  user,
  queue: "chat",
  interests: [],
  language: undefined,
  region: undefined,
  avoid: [],
});

/** The store of a process that is killed right before that call. */
function killedBefore(by: Store, name: string) {
  const { promise: hasDied, resolve: die } = Promise.withResolvers<void>();
  const killed = interruptedStore(by, name, () => {
    die();
    return new Promise<never>(() => {});
  });
  return { killed, hasDied };
}

const room = "rooms:standup";
const entry = (user: string) => ({ room, user, profile: {} });

test("a ticket that is queued after a newer session of its user took over is taken out again", async () => {
  const [older, newer] = [await connected("random"), await connected("random")];
  const slow = interruptedStore(store, "queues.enqueue", () => join(contextOf("random"), newer, request("ann")));
  await join(contextOf("random", slow), older, request("ann"));
  expect((await store.queues.figures("chat")).waiting).toBe(1);
  expect(await store.queues.position("chat", newer.session)).toBe(1);
});

test("a room that is entered while it is taken off the list is on the list", async () => {
  const [first, second] = [await connected("rooms"), await connected("rooms")];
  await enter(contextOf("rooms"), first, entry("ann"));
  const slow = interruptedStore(store, "presence.roomRemoved", async () => {
    await enter(contextOf("rooms"), second, entry("ben"));
  });
  await leaveRoom(contextOf("rooms", slow), first, room);
  expect(await store.presence.rooms("rooms")).toBe(1);
});

test("a session that goes on at another node while it enters a room leaves no member behind", async () => {
  const participant = await connected("rooms");
  const { session } = participant;
  const slow = interruptedStore(store, "memberships.enter", async () => {
    const restored = await store.sessions.resume(session, secret, 0, "another node");
    if (typeof restored === "string") throw new Error(`not resumed: ${restored}`);
    await finishRecovery(contextOf("rooms"), session, restored.epoch, restored.record);
  });
  await expect(enter(contextOf("rooms", slow), participant, entry("ann"))).rejects.toHaveProperty(
    "body.code",
    "server_error",
  );
  expect(await store.memberships.roster(room)).toBeUndefined();
  expect(await store.presence.rooms("rooms")).toBe(0);
});

const openings = [
  ["random", (context: Context, participant: Participant) => join(context, participant, request("ann"))],
  ["rooms", (context: Context, participant: Participant) => enter(context, participant, entry("ann"))],
  ["calls", (context: Context, participant: Participant) => comeOnline(context, participant, "ann", {})],
] as const;

test.each(openings)("a user of %s that is claimed by a session that has ended is given up", async (dialect, open) => {
  const participant = await connected(dialect);
  const { session } = participant;
  const slow = interruptedStore(store, "users.claim", async () => {
    const contexts = new Map([[dialect, contextOf(dialect)]]);
    expect(await disconnect({ store, contexts, graceMs: 1000 }, session, "a node")).toBe(true);
  });
  await expect(open(contextOf(dialect, slow), participant)).rejects.toHaveProperty("body.code", "server_error");
  expect(await store.users.holder(dialect, "ann")).toBeUndefined();
});

test.each(openings)(
  "a user of %s is not claimed for good by a node that dies before it finds its session ended",
  async (dialect, open) => {
    const participant = await connected(dialect);
    const { session } = participant;
    const late = interruptedStore(store, "users.claim", async () => {
      const contexts = new Map([[dialect, contextOf(dialect)]]);
      expect(await disconnect({ store, contexts, graceMs: 1000 }, session, "a node")).toBe(true);
    });
    const { killed, hasDied } = killedBefore(late, "users.release");
    void open(contextOf(dialect, killed), participant).catch(() => {});
    await hasDied;
    expect(await store.users.holder(dialect, "ann")).toBe(session);
    expect(await redis.pttl(keys.user(dialect, "ann"))).toBeGreaterThan(0);
  },
);

test.each(openings)(
  "a user of %s is claimed for good by a session that is there, also if its node died right after the claim",
  async (dialect, open) => {
    const [here, left] = [await connected(dialect), await connected(dialect)];
    await open(contextOf(dialect), here);
    expect(await redis.pttl(keys.user(dialect, "ann"))).toBe(-1);
    const { killed, hasDied } = killedBefore(store, "users.keep");
    void open(contextOf(dialect, killed), left).catch(() => {});
    await hasDied;
    expect(await redis.pttl(keys.user(dialect, "ann"))).toBeGreaterThan(0);
    const restored = await store.sessions.resume(left.session, secret, 0, "another node");
    if (typeof restored === "string") throw new Error(`not resumed: ${restored}`);
    await finishRecovery(contextOf(dialect), left.session, restored.epoch, restored.record);
    expect(await redis.pttl(keys.user(dialect, "ann"))).toBe(-1);
    expect(await store.users.holder(dialect, "ann")).toBe(left.session);
  },
);

test.each(openings)(
  "a session of %s that was replaced, and does not know yet, does not claim its user back",
  async (dialect, open) => {
    const [older, newer] = [await connected(dialect), await connected(dialect)];
    for (const participant of [older, newer]) await open(contextOf(dialect), participant);
    await expect(open(contextOf(dialect), older)).rejects.toHaveProperty("body.code", "server_error");
    expect(await store.users.holder(dialect, "ann")).toBe(newer.session);
    expect((await store.sessions.read(newer.session))?.user).toBe("ann");
  },
);
