import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { seatedIn, seating } from "../room/named-rooms.ts";
import { eventsOf, newId, newSession, useBench } from "../workbench.ts";

const bench = useBench(32);
const newRoom = () => `rooms:${newId()}`;
const packetsOf = async (session: string) => (await eventsOf(bench.store, session)).map(({ packet }) => packet);
const change = (about: string, revision: number, listed = revision, since = revision) => ({
  about,
  revision,
  listed,
  since,
});
const list = (revision: number) => ({ about: undefined, revision, listed: revision, since: revision });

test("M9: an attempt is noted by the epoch that holds the session, and not for a room that is still to be left", async () => {
  const { sessions, outboxes } = bench.store;
  const [id, room] = [await newSession(bench.store), newRoom()];
  expect(await sessions.beginEntry(newId(), 1, room)).toBe("unknown");
  expect(await sessions.beginEntry(id, 2, room)).toBe("fenced");
  const aims = await Promise.all(bench.stores.map((store) => store.sessions.beginEntry(id, 1, room)));
  const attempts = aims.map((attempt) => (typeof attempt === "object" ? attempt.attempt : 0));
  expect(attempts.toSorted()).toEqual([1, 2, 3]);
  expect((await sessions.read(id))?.pendingEntries).toEqual([room]);
  await outboxes.admit(id, room, seating(3, 1), '["welcome"]');
  expect(await sessions.beginEntry(id, 1, room)).toEqual({ attempt: 3, isSeated: true, note: 3 });
  await sessions.clearChange(id, room, 3);
  expect(await sessions.beginEntry(id, 1, room)).toEqual({ attempt: 3, isSeated: true, note: undefined });
  await outboxes.depart(id, room, 1, undefined);
  expect(await sessions.beginEntry(id, 1, room)).toBe("leaving");
  await sessions.forgetRoom(id, room, 3);
  expect(await sessions.beginEntry(id, 1, room)).toEqual({ attempt: 4, isSeated: false, note: undefined });
});

test("M10: seated by the attempt that counts, with a list that is new enough, giving up the others", async () => {
  const { sessions, outboxes } = bench.store;
  const [id, room, before] = [await newSession(bench.store), newRoom(), newRoom()];
  const admit = (to: string, attempt: number, listed: number, more: object = {}) =>
    outboxes.admit(id, to, seating(attempt, listed, more), `["in ${listed}"]`);
  expect(await admit(room, 1, 5)).toBe("absent");
  await sessions.beginEntry(id, 1, before);
  expect(await admit(before, 1, 5, { opening: "{}" })).toEqual([]);
  await sessions.beginEntry(id, 1, room);
  expect(await outboxes.deliverChange(id, room, change("peer", 8), '["peer"]')).toBe("repeated");
  expect(await admit(room, 1, 9)).toBe("absent");
  expect(await admit(room, 2, 9, { epoch: 2 })).toBe("fenced");
  expect(await admit(room, 2, 7)).toBe("outdated");
  expect((await sessions.read(id))?.seats.has(room)).toBe(false);
  expect(await admit(room, 2, 8)).toEqual([before]);
  const record = await sessions.read(id);
  expect([...(record?.seats.keys() ?? [])]).toEqual([room]);
  expect(record).toMatchObject({ departing: [before], pendingEntries: [], opening: "{}" });
  expect(record?.unannounced.get(room)).toBe(2);
  expect(await admit(room, 2, 8)).toEqual([before]); // still to be left
  expect(await packetsOf(id)).toEqual(['["in 5"]', '["in 8"]', '["in 8"]']);
  await sessions.forgetRoom(id, before, 1);
  expect(await admit(room, 2, 10)).toEqual([]);
  const several = newRoom();
  await sessions.beginEntry(id, 1, several);
  expect(await admit(several, 3, 1, { oneAtATime: false })).toEqual([]);
  expect((await sessions.read(id))?.seats.size).toBe(2);
});

test("M11: each change is told once, never with an older list, and nobody's leaving whom it never knew", async () => {
  const { outboxes } = bench.store;
  const room = newRoom();
  const id = await seatedIn(bench.store, room, 10);
  const inform = (what: Parameters<typeof outboxes.deliverChange>[2], packet: string, store = bench.store) =>
    store.outboxes.deliverChange(id, room, what, `["${packet}"]`);
  await Promise.all(bench.stores.map((store) => inform(change("bob", 11), "bob came", store)));
  expect(await inform(change("ann", 9), "in the list already")).toBe("repeated");
  expect(await inform(change("cid", 13), "cid came")).toBeUndefined();
  expect(await inform(change("dan", 12), "dan came, by an old list")).toBe("outdated");
  expect(await inform(change("dan", 12, 13), "dan came")).toBeUndefined();
  expect(await inform(list(12), "an old list")).toBe("outdated");
  await Promise.all(bench.stores.map((store) => inform(list(13), "list", store)));
  await Promise.all(bench.stores.map((store) => inform(change("bob", 14, 14, 11), "bob left", store)));
  expect(await inform(change("ann", 15, 15, 9), "ann, in the list, left")).toBeUndefined();
  expect(await inform(change("eve", 17, 17, 16), "eve left, who never came")).toBe("repeated");
  expect(await inform(change("eve", 16, 17), "eve came, before she left")).toBe("repeated");
  expect(await packetsOf(id)).toEqual(
    ["welcome", "bob came", "cid came", "dan came", "list", "bob left", "ann, in the list, left"].map(
      (packet) => `["${packet}"]`,
    ),
  );
  expect(await outboxes.deliverChange(id, newRoom(), change("bob", 99), "[]")).toBe("absent");
  expect(await outboxes.deliverChange(newId(), room, change("bob", 99), "[]")).toBe("unknown");
});

test("M12: what is said is told once, and not to who was given it when it came in", async () => {
  const { outboxes, sessions } = bench.store;
  const room = newRoom();
  const id = await seatedIn(bench.store, room, 10);
  const share = (to: string, revision: number) => outboxes.deliverMessage(to, room, `["said ${revision}"]`, revision);
  expect(await share(id, 10)).toBe("repeated");
  expect(await share(id, 12)).toBeUndefined();
  expect(await share(id, 11)).toBeUndefined(); // another sender's, on another way
  expect(await packetsOf(id)).toEqual(['["welcome"]', '["said 12"]', '["said 11"]']);
  const coming = await newSession(bench.store);
  expect(await share(coming, 15)).toBe("absent");
  await sessions.beginEntry(coming, 1, room);
  expect(await share(coming, 15)).toBe("repeated");
  expect(await outboxes.admit(coming, room, seating(1, 14), '["welcome"]')).toBe("outdated");
  expect(await outboxes.admit(coming, room, seating(1, 15), '["welcome"]')).toEqual([]);
  expect(await share(newId(), 15)).toBe("unknown");
  expect(await share(coming, 16)).toBeUndefined();
  expect(await outboxes.admit(coming, room, seating(1, 15), '["welcome"]')).toBe("outdated"); // it joins again, by an old list
  expect(await packetsOf(coming)).toEqual(['["welcome"]', '["said 16"]']);
});

test("M13: the seat is taken by who holds the session, told in one step, and found until the room is left", async () => {
  const { sessions, outboxes } = bench.store;
  const room = newRoom();
  const id = await seatedIn(bench.store, room, 1);
  expect(await outboxes.depart(id, room, undefined, undefined)).toBe("absent");
  expect(await outboxes.depart(id, room, 2, undefined)).toBe("fenced");
  expect(await outboxes.depart(id, newRoom(), 1, undefined)).toBe("absent");
  expect((await sessions.read(id))?.seats.has(room)).toBe(true);
  const taken = await Promise.all(bench.stores.map((store) => store.outboxes.depart(id, room, 1, '["out"]')));
  const appended = taken.map((departure) => typeof departure === "object" && departure.appended);
  expect(appended.filter(Boolean)).toHaveLength(1);
  expect(await outboxes.depart(id, room, undefined, '["out"]')).toEqual({ attempt: 1, appended: false });
  expect(await packetsOf(id)).toEqual(['["welcome"]', '["out"]']);
  expect(await outboxes.deliver(id, room, { session: "peer", epoch: 1 }, '["x"]')).toBe("absent");
  expect(await sessions.read(id)).toMatchObject({ departing: [room], pendingEntries: [] });
  const ending = await seatedIn(bench.store, room, 1);
  await sessions.beginEntry(ending, 1, "rooms:other");
  await sessions.end(ending, 1);
  for (const [to, attempt] of [
    [room, 1],
    ["rooms:other", 2],
  ] as const) {
    expect(await outboxes.depart(ending, to, undefined, '["out"]')).toEqual({ attempt, appended: false });
  }
  const evicted = await seatedIn(bench.store, room, 1);
  await sessions.beginEntry(evicted, 1, "rooms:other");
  await sessions.setUser(evicted, "another", undefined, 1);
  expect((await evict(evicted, "nobody")).rooms).toEqual([]);
  expect((await evict(evicted, "user")).rooms.toSorted()).toEqual([room, "rooms:other"].toSorted()); // as whom it is seated
  expect(await outboxes.depart(evicted, room, undefined, undefined)).toEqual({ attempt: 1, appended: false });
  expect(await outboxes.depart(evicted, "rooms:other", undefined, undefined)).toEqual({ attempt: 2, appended: false });
  expect(await packetsOf(evicted)).toEqual(['["welcome"]', '["replaced"]']);
});

async function evict(session: string, user: string) {
  const evicted = await bench.store.sessions.evict(session, user, '["replaced"]');
  if (typeof evicted === "string") throw new Error(evicted);
  return evicted;
}

test("M14: what was noted is forgotten with that attempt or change only, and then wholly", async () => {
  const { sessions, outboxes } = bench.store;
  const [room, longer] = [newRoom(), `${newId()} and\u00a0more`];
  const id = await seatedIn(bench.store, room, 1);
  await outboxes.deliverChange(id, room, change("bob and more", 5), '["bob"]');
  await outboxes.deliverChange(id, room, list(5), '["list"]');
  await outboxes.deliver(id, room, { session: "peer", epoch: 2 }, '["x"]');
  expect(await sessions.noteChange(id, 2, room)).toBe("fenced");
  expect(await sessions.noteChange(id, 1, longer)).toBe("absent");
  expect(await sessions.noteChange(id, 1, room)).toEqual({ number: 2, isSecond: true });
  await sessions.clearChange(id, room, 1);
  expect((await sessions.read(id))?.unannounced.get(room)).toBe(2);
  await sessions.clearChange(id, room, 2);
  expect(await sessions.noteChange(id, 1, room)).toEqual({ number: 3, isSecond: false });
  await sessions.forgetRoom(id, room, 9); // it has its seat
  expect((await sessions.read(id))?.seats.has(room)).toBe(true);
  await outboxes.depart(id, room, 1, undefined);
  await sessions.forgetRoom(id, room, 0);
  expect((await sessions.read(id))?.departing).toEqual([room]);
  await sessions.forgetRoom(id, room, 1);
  const fields = await bench.redis.hkeys(keys.session(id));
  expect(fields.filter((field) => field.includes(":"))).toEqual([]);
  await sessions.beginEntry(id, 1, room);
  await sessions.forgetRoom(id, room, 1);
  expect((await sessions.read(id))?.pendingEntries).toEqual([room]);
  await sessions.forgetRoom(id, room, 4);
  expect((await sessions.read(id))?.pendingEntries).toEqual([]);
});
