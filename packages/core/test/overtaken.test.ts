import {
  type Context,
  comeOnline,
  disconnect,
  enter,
  finishRecovery,
  join,
  leaveRoom,
  type Participant,
} from "@switchyard/core";
import { keys, type Store } from "@switchyard/store";
import { afterEach, beforeAll, expect, test } from "vitest";
import { CoreOnRedis } from "./core-on-redis.ts";
import { interruptedStore } from "./interruption.ts";

let core: CoreOnRedis;
beforeAll(async () => {
  core = await CoreOnRedis.open();
  return core.close;
});
afterEach(() => core.redis.flushdb());

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
  const [older, newer] = [await core.connected("random"), await core.connected("random")];
  const slow = interruptedStore(core.store, "queues.enqueue", () =>
    join(core.contextOf("random"), newer, request("ann")),
  );
  await join(core.contextOf("random", slow), older, request("ann"));
  expect((await core.store.queues.figures("chat")).waiting).toBe(1);
  expect(await core.store.queues.position("chat", newer.session)).toBe(1);
});

test("a room that is entered while it is taken off the list is on the list", async () => {
  const [first, second] = [await core.connected("rooms"), await core.connected("rooms")];
  await enter(core.contextOf("rooms"), first, entry("ann"));
  const slow = interruptedStore(core.store, "presence.roomRemoved", async () => {
    await enter(core.contextOf("rooms"), second, entry("ben"));
  });
  await leaveRoom(core.contextOf("rooms", slow), first, room);
  expect(await core.store.presence.rooms("rooms")).toBe(1);
});

test("a session that goes on at another node while it enters a room leaves no member behind", async () => {
  const participant = await core.connected("rooms");
  const { session } = participant;
  const slow = interruptedStore(core.store, "memberships.enter", async () => {
    const restored = await core.resumed(session);
    await finishRecovery(core.contextOf("rooms"), session, restored.epoch, restored.record);
  });
  await expect(enter(core.contextOf("rooms", slow), participant, entry("ann"))).rejects.toHaveProperty(
    "body.code",
    "server_error",
  );
  expect(await core.store.memberships.roster(room)).toBeUndefined();
  expect(await core.store.presence.rooms("rooms")).toBe(0);
});

const openings = [
  ["random", (context: Context, participant: Participant) => join(context, participant, request("ann"))],
  ["rooms", (context: Context, participant: Participant) => enter(context, participant, entry("ann"))],
  ["calls", (context: Context, participant: Participant) => comeOnline(context, participant, "ann", {})],
] as const;

test.each(openings)("a user of %s that is claimed by a session that has ended is given up", async (dialect, open) => {
  const participant = await core.connected(dialect);
  const { session } = participant;
  const slow = interruptedStore(core.store, "users.claim", async () => {
    const contexts = new Map([[dialect, core.contextOf(dialect)]]);
    expect(await disconnect({ store: core.store, contexts, graceMs: 1000 }, session, "a node")).toBe(true);
  });
  await expect(open(core.contextOf(dialect, slow), participant)).rejects.toHaveProperty("body.code", "server_error");
  expect(await core.store.users.holder(dialect, "ann")).toBeUndefined();
});

test.each(openings)(
  "a user of %s is not claimed for good by a node that dies before it finds its session ended",
  async (dialect, open) => {
    const participant = await core.connected(dialect);
    const { session } = participant;
    const late = interruptedStore(core.store, "users.claim", async () => {
      const contexts = new Map([[dialect, core.contextOf(dialect)]]);
      expect(await disconnect({ store: core.store, contexts, graceMs: 1000 }, session, "a node")).toBe(true);
    });
    const { killed, hasDied } = killedBefore(late, "users.release");
    void open(core.contextOf(dialect, killed), participant).catch(() => {});
    await hasDied;
    expect(await core.store.users.holder(dialect, "ann")).toBe(session);
    expect(await core.redis.pttl(keys.user(dialect, "ann"))).toBeGreaterThan(0);
  },
);

test.each(openings)(
  "a user of %s is claimed for good by a session that is there, also if its node died right after the claim",
  async (dialect, open) => {
    const [here, left] = [await core.connected(dialect), await core.connected(dialect)];
    await open(core.contextOf(dialect), here);
    expect(await core.redis.pttl(keys.user(dialect, "ann"))).toBe(-1);
    const { killed, hasDied } = killedBefore(core.store, "users.keep");
    void open(core.contextOf(dialect, killed), left).catch(() => {});
    await hasDied;
    expect(await core.redis.pttl(keys.user(dialect, "ann"))).toBeGreaterThan(0);
    const restored = await core.resumed(left.session);
    await finishRecovery(core.contextOf(dialect), left.session, restored.epoch, restored.record);
    expect(await core.redis.pttl(keys.user(dialect, "ann"))).toBe(-1);
    expect(await core.store.users.holder(dialect, "ann")).toBe(left.session);
  },
);

test.each(openings)(
  "a session of %s that was replaced, and does not know yet, does not claim its user back",
  async (dialect, open) => {
    const [older, newer] = [await core.connected(dialect), await core.connected(dialect)];
    for (const participant of [older, newer]) await open(core.contextOf(dialect), participant);
    await expect(open(core.contextOf(dialect), older)).rejects.toHaveProperty("body.code", "server_error");
    expect(await core.store.users.holder(dialect, "ann")).toBe(newer.session);
    expect((await core.store.sessions.read(newer.session))?.user).toBe("ann");
  },
);
