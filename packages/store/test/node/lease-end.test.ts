import { expect, test } from "vitest";
import { type Leased, LeaseOverError } from "../../src/index.ts";
import type { Store } from "../../src/store.ts";
import { enterOrFail, entrant, rules, seatedIn } from "../room/named-rooms.ts";
import { eventsOf, newId, newSession, seated, useBench } from "../workbench.ts";

const bench = useBench(256, true);
const from = { session: "peer", epoch: 1 };
const room = () => `rooms:${newId()}`;
const feedRules = { entriesKept: 10, bytesKept: 1_048_576, retentionMs: undefined };
const person = { session: "s", user: "ann", claim: 1, profile: "{}", event: "{}" };

/** Each command that a node gives for a session, prepared so that nothing but its lease can stand in the way. */
const commands: Readonly<Record<string, (store: Store) => Promise<(leased: Leased) => Promise<unknown>>>> = {
  open: async (store) => {
    const id = newId();
    return (leased) => store.sessions.open(id, "random", "secret", "node", leased);
  },
  deliver: async (store) => {
    const pair = newId();
    const id = await seated(store, pair);
    return (leased) => store.outboxes.deliver(id, pair, { ...from, ...leased }, "[]");
  },
  deliverMessage: async (store) => {
    const meeting = room();
    const id = await seatedIn(store, meeting, 1);
    return (leased) => store.outboxes.deliverMessage(id, meeting, "[]", 2, undefined, leased);
  },
  send: async (store) => {
    const id = await newSession(store);
    return (leased) => store.outboxes.send(id, "[]", undefined, undefined, leased);
  },
  setCallLeg: async (store) => {
    const pair = newId();
    const id = await seated(store, pair);
    const leg = { user: "ann", by: "peer", expected: undefined };
    return (leased) => store.outboxes.setCallLeg(id, pair, { ...from, ...leased }, leg, "[]");
  },
  postEvent: async (store) => {
    const [dialect, session] = [newId() as "chat", newId()];
    await store.presence.add(dialect, session);
    return (leased) => store.feeds.post(dialect, "{}", { session, epoch: 1, ...leased }, feedRules);
  },
  postMessage: async (store) => {
    const meeting = room();
    await enterOrFail(store, meeting, entrant("peer"));
    return (leased) => store.rooms.postMessage(meeting, { ...from, ...leased }, { user: "ann", text: "hi" });
  },
  setFlag: async (store) => {
    const meeting = room();
    await enterOrFail(store, meeting, entrant("s"));
    return (leased) => store.memberships.setFlag(meeting, { session: "s", ...leased }, 0, true);
  },
  enter: async (store) => {
    const meeting = room();
    return (leased) => store.memberships.enter(meeting, { ...entrant("s"), ...leased }, rules(), false);
  },
  claim: async (store) => {
    const user = newId();
    return (leased) => store.users.claim("random", user, "s", leased);
  },
  setOnline: async (store) => {
    const dialect = newId() as "calls";
    return (leased) => store.online.set(dialect, { ...person, ...leased }, 10);
  },
};

/** Everything that there is in Redis of which these commands could change something. */
async function state(): Promise<string[]> {
  const dumps = (await bench.redis.keys("*")).toSorted().map(async (key) => {
    const [kind, dump] = await Promise.all([bench.redis.type(key), bench.redis.dumpBuffer(key)]);
    return `${key} ${kind} ${dump?.toString("base64")}`;
  });
  return Promise.all(dumps);
}

test.each(Object.keys(commands))("N5: %s is refused after the end of the lease, and changes nothing", async (name) => {
  const { store } = bench;
  const command = (await commands[name]?.(store)) ?? expect.fail();
  const before = await state();
  await expect(command({ lease: store.clock.now() - 1000 })).rejects.toThrow(LeaseOverError);
  expect(await state()).toEqual(before);
  await command({ lease: store.clock.now() + 3_600_000 });
  expect(await state()).not.toEqual(before);
});

test("N5: a node that renews its lease late learns when it ends now, and the former one stays over", async () => {
  const { store } = bench;
  const [node, id] = [newId(), await newSession(store)];
  const first = await store.nodes.renew(node, 1);
  const send = (lease: number) => store.outboxes.send(id, '["n"]', undefined, undefined, { lease });
  await expect.poll(() => store.clock.now()).toBeGreaterThan(first.until + 1);
  const second = await store.nodes.renew(node, 3_600_000);
  expect(second.inTime).toBe(false);
  await expect(send(first.until)).rejects.toThrow(LeaseOverError);
  await send(second.until);
  expect(await eventsOf(store, id)).toHaveLength(1);
  await store.nodes.forget(node);
});
