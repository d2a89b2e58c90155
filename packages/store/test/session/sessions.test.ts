import { expect, test } from "vitest";
import { readOutboxMessage } from "../../src/outbox/outbox-message.ts";
import type { Restored } from "../../src/session/session-replies.ts";
import { eventsOf, newId, newSession, published, seated, useBench } from "../workbench.ts";

const bench = useBench(32);
const epochOf = (answer: Restored | string) => (typeof answer === "string" ? answer : answer.epoch);
const undo = JSON.stringify({ queue: "chat" });

test("S1: a session is opened once", async () => {
  const id = newId();
  const opened = await Promise.all(bench.stores.map(({ sessions }) => sessions.open(id, "random", "s", "node")));
  expect(opened.filter(Boolean)).toHaveLength(1);
  expect(await bench.store.sessions.read(id)).toMatchObject({ state: "live", epoch: 1, number: 0 });
});

test("S2: only who has the secret resumes; a refusal changes nothing", async () => {
  const { sessions } = bench.store;
  const id = await newSession(bench.store);
  const before = await sessions.read(id);
  expect(await sessions.resume(id, "wrong", 0, "thief")).toBe("wrongSecret");
  expect(await sessions.resume(newId(), "secret", 0, "node")).toBe("unknown");
  expect(await sessions.read(id)).toEqual(before);
});

test("S3: of several resumes each has an epoch of its own, and all but the last are fenced", async () => {
  const id = await newSession(bench.store);
  const resumes = bench.stores.map(({ sessions }, i) => sessions.resume(id, "secret", 0, `node-${i}`));
  const epochs = (await Promise.all(resumes)).map(epochOf);
  expect([...epochs].sort()).toEqual([2, 3, 4]);
  const checks = epochs.map((epoch) => bench.store.sessions.reconcile(id, Number(epoch), 0));
  expect((await Promise.all(checks)).map(epochOf).sort()).toEqual([4, "fenced", "fenced"]);
});

test("S4: a resume is whole, or it is none", async () => {
  const { sessions, outboxes } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 1; i <= 5; i += 1) await outboxes.send(id, `["n",${i}]`);
  const resumed = await sessions.resume(id, "secret", 2, "other");
  expect(resumed).toMatchObject({ missed: [3, 4, 5].map((number) => ({ number, packet: `["n",${number}]` })) });
  expect(await sessions.resume(id, "secret", 6, "other")).toBe("gap");
  for (let i = 6; i <= 400; i += 1) await outboxes.send(id, `["n",${i}]`);
  expect(await sessions.resume(id, "secret", 5, "other")).toBe("gap");
  expect(epochOf(await sessions.resume(id, "secret", 395, "other"))).toBe(3);
});

test("S5: an overtaken epoch is refused and changes nothing", async () => {
  const { sessions } = bench.store;
  const id = await newSession(bench.store);
  await sessions.resume(id, "secret", 0, "other");
  const before = await sessions.read(id);
  const asked = [
    sessions.requestTicket(id, 1, "chat", "user", "{}"),
    sessions.withdrawTicket(id, 1),
    sessions.setDialect(id, "random", 1),
    sessions.setUser(id, "user", undefined, 1),
    sessions.reconcile(id, 1, 0),
    sessions.end(id, 1),
    sessions.detach(id, "node", 1, 1),
  ];
  expect(await Promise.all(asked)).toEqual(asked.map(() => "fenced"));
  expect(await sessions.read(id)).toEqual(before);
});

test("S6: only its node detaches a session, and the deadline stands", async () => {
  const { sessions } = bench.store;
  const id = await newSession(bench.store);
  expect(await sessions.detach(id, "another", undefined, 10)).toBe("fenced");
  expect(await sessions.detach(id, "node", 1, 10)).toMatchObject({ deadline: 10 });
  expect(await sessions.detach(id, "node", undefined, 99)).toMatchObject({ deadline: 10 });
});

test("S7: a session ends in time, and stays ended until it is discarded", async () => {
  const { sessions, outboxes, clock } = bench.store;
  const id = await newSession(bench.store);
  expect(await sessions.end(id, undefined)).toBe("notDue");
  await sessions.detach(id, "node", 1, clock.now() + 60_000);
  expect(await sessions.end(id, undefined)).toBe("notDue");
  const late = await newSession(bench.store);
  await sessions.detach(late, "node", 1, clock.now() - 1);
  const ended = await sessions.end(late, undefined);
  expect(ended).toMatchObject({ state: "ending" });
  expect(await sessions.end(late, undefined)).toEqual(ended);
  expect(await sessions.resume(late, "secret", 0, "node")).toBe("unknown");
  expect(await outboxes.send(late, '["late"]')).toBe("unknown");
  await sessions.discard(late);
  expect(await sessions.exists(late)).toBe(false);
  await sessions.discard(id); // it is not ending
  expect(await sessions.exists(id)).toBe(true);
});

test("S8: a detached session that is found again is live, in a new epoch", async () => {
  const { sessions } = bench.store;
  const [resumed, found] = [await newSession(bench.store), await newSession(bench.store)];
  for (const id of [resumed, found]) await sessions.detach(id, "node", 1, 10);
  expect(epochOf(await sessions.resume(resumed, "secret", 0, "node"))).toBe(2);
  expect(epochOf(await sessions.reconcile(found, 1, 0))).toBe(2);
  for (const id of [resumed, found]) {
    expect(await sessions.read(id)).toMatchObject({ state: "live", deadline: undefined });
    expect(await sessions.end(id, undefined)).toBe("notDue");
  }
});

test("S9: one ticket, with a number that grows, and the rooms are to be left", async () => {
  const { sessions, outboxes } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  const asked = await sessions.requestTicket(id, 1, "chat", "user", "{}");
  expect(asked).toMatchObject({ ticket: { queue: "chat", number: 2 }, replaced: undefined, rooms: [room] });
  expect(await sessions.requestTicket(id, 1, "video", "user", "{}")).toMatchObject({
    ...{ ticket: { queue: "video", number: 3 }, replaced: { queue: "chat", number: 2 } },
  });
  expect((await sessions.read(id))?.ticket).toEqual({ queue: "video", number: 3 });
  expect(await outboxes.deliver(id, room, { session: "peer", epoch: 1 }, "[]")).toBe("absent");
});

test("S10: of competing claims one succeeds, and its repetition too", async () => {
  const { sessions } = bench.store;
  const id = await newSession(bench.store);
  await sessions.requestTicket(id, 1, "chat", "user", "{}");
  const ticket = { queue: "chat", number: 1 };
  const rooms = bench.stores.map(() => newId());
  const claim = (i: number) => bench.stores[i]?.sessions.reserve(id, rooms[i] as string, ticket, undo);
  const outcomes = (await Promise.all(rooms.map((_, i) => claim(i)))).map((answer) => answer?.outcome);
  expect([...outcomes].sort()).toEqual(["gone", "gone", "reserved"]);
  const winner = outcomes.indexOf("reserved");
  expect(await claim(winner)).toEqual({ outcome: "reserved" });
  await sessions.detach(id, "node", 1, 10);
  expect(await claim(winner)).toEqual({ outcome: "away" });
  expect(await sessions.reserve(id, newId(), { queue: "chat", number: 9 }, undo)).toEqual({ outcome: "gone" });
  const away = await newSession(bench.store);
  await sessions.requestTicket(away, 1, "chat", "user", "{}");
  await sessions.detach(away, "node", 1, 10);
  expect(await sessions.reserve(away, "room", ticket, undo)).toEqual({ outcome: "away" });
  expect(await sessions.read(away)).toMatchObject({ ticket: undefined, reserved: ["room"] });
});

test("S11: a released session waits with a new number", async () => {
  const { sessions, outboxes } = bench.store;
  const [id, room] = [await newSession(bench.store), newId()];
  await sessions.requestTicket(id, 1, "chat", "user", "{}");
  await sessions.reserve(id, room, { queue: "chat", number: 1 }, undo);
  const released = await sessions.releaseReservation(id, room);
  expect(released).toMatchObject({ stamp: { number: 2, epoch: 1, connected: true }, undo });
  expect(await sessions.releaseReservation(id, room)).toEqual(released);
  expect(await outboxes.seat(id, room, JSON.parse("{}"), "[]")).toBe("absent");
  await sessions.forgetReservation(id, room);
  expect(await sessions.releaseReservation(id, room)).toBeUndefined();
  expect(await sessions.reserve(id, newId(), { queue: "chat", number: 1 }, undo)).toEqual({ outcome: "gone" });
  expect(await sessions.reserve(id, newId(), { queue: "chat", number: 2 }, undo)).toEqual({ outcome: "reserved" });
});

test("S12: an evicted session is out at once and told once", async () => {
  const { sessions, outboxes } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  const user = `user-${id}`;
  const evictions = bench.stores.map((store) => store.sessions.evict(id, user, '["replaced"]'));
  const outcomes = await Promise.all(evictions);
  for (const eviction of outcomes) expect(eviction).toMatchObject({ ticketsRequested: 1, rooms: [room] });
  expect(outcomes.filter((eviction) => typeof eviction === "object" && eviction.appended)).toHaveLength(1);
  expect((await eventsOf(bench.store, id)).map(({ packet }) => packet)).toEqual(['["seated"]', '["replaced"]']);
  expect(await outboxes.deliver(id, room, { session: "peer", epoch: 1 }, "[]")).toBe("absent");
  expect(await sessions.reconcile(id, 1, 0)).toBe("fenced");
  await outboxes.unseat(id, room, undefined);
  expect(await sessions.evict(id, user, '["replaced"]')).toEqual({
    ...{ appended: false, ticketsRequested: 1, rooms: [] },
  });
});

test("S13: a user is noted before the claim, and until given up", async () => {
  const { sessions } = bench.store;
  const id = await newSession(bench.store);
  await sessions.setUser(id, "ann", undefined, 1);
  expect(await sessions.read(id)).toMatchObject({ user: "ann", claimed: ["ann"] });
  await sessions.evict(id, "ann", '["replaced"]');
  expect(await sessions.read(id)).toMatchObject({ user: undefined, claimed: ["ann"] });
  await sessions.setUser(id, "bob", undefined, 2);
  await sessions.setUser(id, "cid", "bob", 2);
  expect(await sessions.read(id)).toMatchObject({ user: "cid", claimed: ["ann", "cid"] });
  expect(await sessions.end(id, 2)).toMatchObject({ claimed: ["ann", "cid"] });
});

test("S15: a client's goodbye ends its session wherever it is by then, and tells who holds it", async () => {
  const { sessions, outboxes } = bench.store;
  const id = await newSession(bench.store);
  expect(epochOf(await sessions.resume(id, "secret", 0, "other"))).toBe(2);
  const ended = { state: "ending", epoch: 3, node: "other" };
  const received = await published(id, async () => {
    expect(await sessions.disconnect(id)).toMatchObject(ended);
    expect(await sessions.disconnect(id)).toMatchObject(ended);
  });
  expect(received.map((text) => readOutboxMessage(text).control)).toEqual([{ epoch: 3, ended: true }]);
  expect(await sessions.reconcile(id, 2, 0)).toBe("unknown");
  expect(await sessions.resume(id, "secret", 0, "third")).toBe("unknown");
  expect(await outboxes.send(id, "[]")).toBe("unknown");
  await sessions.discard(id);
  expect(await sessions.disconnect(id)).toBe("unknown");
});
