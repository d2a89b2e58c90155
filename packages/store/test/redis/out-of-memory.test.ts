import { dumpRedis } from "@switchyard/testkit";
import { afterEach, expect, test } from "vitest";
import { isOutOfMemory } from "../../src/index.ts";
import { eventsOf, newId, newSession, queuedOf, seated, ticketOf, useBench } from "../workbench.ts";

const bench = useBench(256, true);
const maxmemory = (bytes: number) => bench.redis.config("SET", "maxmemory", bytes);
afterEach(() => maxmemory(0));

const openRoom = async () => {
  const room = newId();
  const members = [await seated(bench.store, room), await seated(bench.store, room)] as const;
  const peers = new Map(members.map((session) => [session, { user: `user-${session}` }]));
  await bench.store.rooms.decide(room, "open", "random", peers);
  return { room, members };
};

test("W1: at maxmemory nothing new is begun, and what is refused has changed nothing", async () => {
  const { sessions, memberships, rooms, feeds, queues, accounts, presence } = bench.store;
  const session = await newSession(bench.store);
  await presence.add("chat", session);
  const { room, members } = await openRoom();
  const [one, two] = [queuedOf(newId(), 1), queuedOf(newId(), 2)];
  for (const { session: waiting, stamp } of [one, two]) await queues.enqueue("chat", waiting, ticketOf(waiting), stamp);
  const before = await dumpRedis(bench.redis);
  await maxmemory(1);
  const rules = { entriesKept: 100, bytesKept: 1_048_576, retentionMs: undefined };
  const attempts = {
    session: () => sessions.open(newId(), "random", "secret", "node"),
    dialect: () => sessions.setDialect(session, "random", 1),
    user: () => sessions.setUser(session, newId(), undefined, 1),
    ticket: () => sessions.requestTicket(session, 1, "chat", newId(), "{}"),
    entry: () => sessions.beginEntry(session, 1, newId()),
    room: () => memberships.create(newId(), { kind: "meeting", dialect: "rooms", capacity: 2 } as never, 1000),
    message: () => rooms.postMessage(room, { session: members[0], epoch: 1 }, { user: "user", text: "Hello" }),
    "message to all": () => feeds.post("chat", "{}", { session, epoch: 1 }, rules),
    pair: () => queues.commit("chat", one, two, newId()),
    account: () => accounts.register(newId(), "hash"),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    const outcome = await Promise.resolve(attempt()).catch((error: unknown) => error);
    expect(isOutOfMemory(outcome), what).toBe(true);
  }
  expect(await dumpRedis(bench.redis)).toEqual(before);
});

test("W1: at maxmemory a session that is there goes on, until its end", async () => {
  const { sessions, nodes, outboxes, rooms, queues, users, clock } = bench.store;
  const { room, members } = await openRoom();
  const [ann, bob] = members;
  await nodes.renew("node", 60_000);
  const waiting = await newSession(bench.store);
  const asked = await sessions.requestTicket(waiting, 1, "chat", "waiting", "{}");
  if (typeof asked === "string") throw new Error(asked);
  await maxmemory(1);

  expect(await nodes.renew("node", 60_000)).toMatchObject({ inTime: true });
  await nodes.describe("node", { host: "here" });
  expect(await outboxes.deliver(bob, room, { session: ann, epoch: 1 }, '["signal"]')).toBeUndefined();
  await sessions.detach(ann, "node", 1, clock.now() + 60_000);
  await nodes.holdUntil("node", ann, clock.now() + 60_000);
  await nodes.expect("other", ann);
  expect(await sessions.resume(ann, "secret", 0, "other")).toMatchObject({ epoch: 2, missed: [{}] });
  await nodes.hold("other", ann);
  expect(await outboxes.deliver(ann, room, { session: bob, epoch: 1 }, '["answer"]')).toBeUndefined();
  await queues.enqueue("chat", waiting, ticketOf("waiting"), {
    number: asked.ticket.number,
    epoch: 1,
    connected: true,
  });
  await queues.dequeue(waiting, asked.ticket);
  await sessions.withdrawTicket(waiting, 1);

  await users.block("random", `user-${ann}`, `user-${bob}`);
  expect([...(await rooms.close(room))].sort()).toEqual([...members].sort());
  await outboxes.unseat(bob, room, '["left"]');
  await outboxes.unseat(ann, room, undefined);
  await rooms.remove(room);
  expect((await eventsOf(bench.store, bob)).map(({ packet }) => packet)).toEqual([
    '["seated"]',
    '["signal"]',
    '["left"]',
  ]);
  await sessions.end(ann, 2);
  await sessions.disconnect(bob);
  for (const session of members) await sessions.discard(session);
  expect(await Promise.all(members.map((session) => sessions.exists(session)))).toEqual([false, false]);
});

test("W1: at maxmemory what was begun with an account comes to its end", async () => {
  const { accounts, accountIndex, feedRewriting, feeds, presence } = bench.store;
  const [name, session] = [newId(), await newSession(bench.store)];
  await presence.add("chat", session);
  await accounts.register(name, "hash");
  const said = JSON.stringify({ type: "said", message: { session, user: name, text: "Hello" } });
  const rules = { entriesKept: 100, bytesKept: 1_048_576, retentionMs: undefined };
  const id = await feeds.post("chat", said, { session, epoch: 1 }, rules);
  await maxmemory(1);
  expect(await accounts.changePassword(name, "hash", "another")).toBeDefined();
  expect(await accounts.setPassword(name, "a third")).toBe(true);
  expect(await accounts.voidTokens(name, "erase")).toBe(true);
  const { voided = [], tokens = "" } = (await accounts.state(name)) ?? {};
  expect(voided).toHaveLength(3);
  await accountIndex.announceVoids(voided);
  expect((await accountIndex.voidsAfter("0-0", 10)).ids.toSorted()).toEqual(voided.toSorted());
  await feedRewriting.forget("chat", name, bench.store.clock.now() + 1000);
  expect(await feeds.find("chat", id)).toMatchObject({ event: '{"type":"erased"}' });
  expect(await accounts.remove(name, tokens)).toBe(true);
});

test("W2: that Redis is full is told apart from other failures, of a script, a command and a transaction", async () => {
  await maxmemory(1);
  const { redis } = bench;
  const answers = [
    redis.set("sy:{x}", "1"),
    redis.multi().hset("sy:{x}", "a", "1").pexpire("sy:{x}", 1).exec(),
    bench.store.sessions.open(newId(), "random", "secret", "node"),
    redis.get("sy:{x}", "too many" as never),
  ];
  const errors = await Promise.all(
    answers.map((answer) => (answer as Promise<unknown>).catch((error: unknown) => error)),
  );
  expect(errors.map(isOutOfMemory)).toEqual([true, true, true, false]);
});
