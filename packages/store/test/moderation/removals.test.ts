import type { DialectName } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import type { ErasedMessage, Removal } from "../../src/moderation/removals.ts";
import { eventsOf, newId, newSession, seatBeside, useBench } from "../workbench.ts";

const bench = useBench(256, true);
const rules = { entriesKept: 1000, bytesKept: 1_048_576, retentionMs: undefined };

const removalOf = (id: string): Removal => ({
  dialect: "rooms",
  room: "rooms:standup",
  message: { id, at: 1, session: "s2", user: "bob", name: "Bob", text: "an insult" },
  by: "max",
  reason: "Insults",
  at: 5,
});
const payload = (text: string) => `{"id":"1-0","message":"${text}"}`;
const erased: ErasedMessage = {
  said: `["new-message",${payload("insult")}]`,
  message: payload("insult"),
  blank: payload(""),
};
const removed = '["message-removed",{"id":"1-0"}]';
const packets = async (session: string) => (await eventsOf(bench.store, session)).map(({ packet }) => packet);

/** A session with a seat in a meeting, by a list of that revision. */
async function memberOf(room: string, admitted = 1) {
  const session = await newSession(bench.store);
  await bench.redis.hset(keys.session(session), `r:${room}`, JSON.stringify(seatBeside("x")), `w:${room}`, admitted);
  return session;
}
const erase = (session: string, room: string, revision: number | undefined = 7) =>
  bench.store.removals.erase(session, room, erased, removed, revision);

test("V5: a removal and its entry in the log are one step, once until it is forgotten", async () => {
  const { moderation, removals } = bench.store;
  const removal = removalOf("1-0");
  await Promise.all(bench.stores.map((store) => store.removals.begin(removal)));
  await removals.begin({ ...removal, by: "eve" });
  expect(await removals.noted()).toEqual([removal]);
  const { text: _, at: __, ...noted } = removal.message;
  const message = { ...noted, dialect: "rooms", room: "rooms:standup" };
  expect(await moderation.audit(10)).toMatchObject([
    { action: "remove-message", by: "max", reason: "Insults", message },
  ]);
  await removals.done(removal);
  expect(await removals.noted()).toEqual([{ ...removal, isDone: true }]);
  await removals.forget(removal);
  expect([await removals.noted(), await bench.redis.exists(keys.removals())]).toEqual([[], 0]);
});

test("V6: a removed message is gone from the room's history, which is one change of the room", async () => {
  const { rooms, removals } = bench.store;
  const [room, session] = [newId(), newId()];
  await rooms.decide(room, "open", "random", new Map([[session, { user: "bob" }]]));
  const sender = { session, epoch: 1 };
  const posted = await Promise.all(
    ["a", "b", "c"].map((text) => rooms.postMessage(room, sender, { user: "bob", text })),
  );
  const id = posted[1]?.id ?? "";
  for (let i = 0; i < 2; i += 1) {
    expect(await removals.removeFromRoom(room, id)).toEqual({ revision: undefined, members: [session] });
  }
  expect((await rooms.recentMessages(room, 10)).map(({ text }) => text)).toEqual(["a", "c"]);
  expect([await rooms.message(room, id), (await rooms.message(room, posted[2]?.id ?? ""))?.text]).toEqual([
    undefined,
    "c",
  ]);
  await bench.redis.hset(keys.roomMeta(room), "revision", 10); // as in a room that clients name
  expect(await removals.removeFromRoom(room, posted[2]?.id ?? "")).toMatchObject({ revision: 11 });
  expect(await removals.removeFromRoom(room, posted[2]?.id ?? "")).toMatchObject({ revision: 11 });
  expect(await removals.removeFromRoom("no room", id)).toEqual({ revision: undefined, members: [] });
  expect(await bench.redis.exists(keys.roomMeta("no room"))).toBe(0);
});

test("V7: the text is in no event and in no list of an outbox, whose numbers stay; the event of the removal follows once", async () => {
  const { outboxes } = bench.store;
  const room = newId();
  const session = await memberOf(room);
  const list = `["joined-room",{"messages":[${payload("other")},${erased.message}]}]`;
  for (const packet of ['["first"]', list, erased.said, '["last"]']) await outboxes.send(session, packet);
  const before = await eventsOf(bench.store, session);
  expect(await erase(session, room)).toBeUndefined();
  const after = await eventsOf(bench.store, session);
  expect(after.slice(0, 4).map(({ number }) => number)).toEqual(before.map(({ number }) => number));
  const emptied = `["joined-room",{"messages":[${payload("other")},${erased.blank}]}]`;
  expect(await packets(session)).toEqual(['["first"]', emptied, removed, '["last"]', removed]);
  expect(await erase(session, room)).toBe("repeated");
  expect(await packets(session)).toHaveLength(5);
  await outboxes.send(session, erased.said); // by a node that stood still
  await erase(session, room);
  expect((await packets(session)).slice(5)).toEqual([removed, removed]);
  await outboxes.send(session, '["next"]');
  expect((await eventsOf(bench.store, session)).at(-1)).toMatchObject({ number: 8, packet: '["next"]' });
});

test("V7: a reference that is kept in the message's place becomes the removal, too", async () => {
  const room = newId();
  const session = await memberOf(room);
  const reference = '["@state",{"event":{"type":"said","room":"rooms:standup"},"id":"1-0"}]';
  const other = reference.replace("1-0", "2-0");
  for (const [i, kept] of [reference, other].entries())
    await bench.store.outboxes.deliverMessage(session, room, erased.said, 2 + i, undefined, {}, kept);
  expect(await packets(session)).toEqual([reference, other]);
  await bench.store.removals.erase(session, room, { ...erased, said: reference }, removed, 7);
  expect(await packets(session)).toEqual([removed, other, removed]);
});

test("V7: one that has the room's messages without it gets nothing; one about to be seated needs newer ones; a pair has no revision", async () => {
  const room = newId();
  const newer = await memberOf(room, 7);
  expect([await erase(newer, room), await packets(newer)]).toEqual(["repeated", []]);
  const pending = await newSession(bench.store);
  await bench.redis.hset(keys.session(pending), `a:${room}`, "1");
  expect([await erase(pending, room), await packets(pending)]).toEqual(["repeated", []]);
  expect(await bench.redis.hget(keys.session(pending), `s:${room}`)).toBe("7");
  const partner = await memberOf(room, 99);
  expect([await bench.store.removals.erase(partner, room, erased, removed, undefined), await packets(partner)]).toEqual(
    [undefined, [removed]],
  );
  const elsewhere = await memberOf(newId());
  await bench.store.outboxes.send(elsewhere, erased.said);
  expect([await erase(elsewhere, room), await packets(elsewhere)]).toEqual(["absent", [removed]]);
  expect(await erase(newId(), room)).toBe("unknown");
});

test("V8: in a feed the event of the removal stands in the entry's place, without a gap, and is appended once", async () => {
  const dialect = newId() as DialectName;
  const { feeds, presence, removals } = bench.store;
  const sender = { session: newId(), epoch: 1 };
  await presence.add(dialect, sender.session);
  const ids: string[] = [];
  for (const text of ["a", "b", "c", "d"]) ids.push(await feeds.post(dialect, `{"text":"${text}"}`, sender, rules));
  const remove = (id = "") => removals.removeFromFeed(dialect, id, `{"removed":"${id}"}`, rules);
  const eventsAfter = async (id: string, count = 10) =>
    (await feeds.after(dialect, id, count))?.map(({ event }) => event);
  for (let i = 0; i < 2; i += 1) await remove(ids[1]);
  const [, second = "", third = ""] = ids;
  const gone = `{"removed":"${second}"}`;
  expect(await eventsAfter(ids[0] ?? "")).toEqual([gone, '{"text":"c"}', '{"text":"d"}', gone]);
  expect(await eventsAfter(ids[0] ?? "", 2)).toEqual([gone, '{"text":"c"}']);
  expect(await eventsAfter(second)).toEqual(['{"text":"c"}', '{"text":"d"}', gone]);
  expect((await feeds.after(dialect, "0-0", 10))?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  expect((await feeds.latest(dialect, 10)).entries.map(({ event }) => event)).not.toContain('{"text":"b"}');
  await remove(third);
  const events = [gone, `{"removed":"${third}"}`, '{"text":"d"}', gone, `{"removed":"${third}"}`];
  expect(await eventsAfter(ids[0] ?? "")).toEqual(events);
  expect([await feeds.find(dialect, third), (await feeds.find(dialect, ids[3] ?? ""))?.event]).toEqual([
    undefined,
    '{"text":"d"}',
  ]);
});

test("F2: a removed entry that is remembered hides no entries that are no longer kept between it and the first one that is", async () => {
  const dialect = newId() as DialectName;
  const { feeds, presence, removals } = bench.store;
  const sender = { session: newId(), epoch: 1 };
  await presence.add(dialect, sender.session);
  const ids: string[] = [];
  for (const text of ["a", "b", "c", "d", "e"])
    ids.push(await feeds.post(dialect, `{"text":"${text}"}`, sender, rules));
  const [first = "", second = "", third = ""] = ids;
  for (const id of [second, third]) await removals.removeFromFeed(dialect, id, `{"removed":"${id}"}`, rules);
  const numbersAfter = async (id: string, count: number) =>
    (await feeds.after(dialect, id, count))?.map(({ number }) => number);
  expect([await numbersAfter(first, 1), await numbersAfter(first, 10)]).toEqual([[2], [2, 3, 4, 5, 6, 7]]);
  await bench.redis.xtrim(keys.feed(dialect), "MAXLEN", 4);
  expect([await numbersAfter(first, 1), await numbersAfter(first, 10)]).toEqual([[2], [2, 3, 4, 5, 6, 7]]);
  await bench.redis.xtrim(keys.feed(dialect), "MAXLEN", 3); // the fourth is no longer there
  for (const id of ["0-0", first, second, third]) {
    expect([await numbersAfter(id, 1), await numbersAfter(id, 10)], id).toEqual([undefined, undefined]);
  }
  expect(await numbersAfter(ids[3] ?? "", 10)).toEqual([5, 6, 7]);
  await bench.redis.del(keys.feed(dialect));
  expect([await numbersAfter(first, 1), await numbersAfter(first, 10)]).toEqual([undefined, undefined]);
});
