import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { newId, newSession, seatBeside, seated, useBench } from "../workbench.ts";

const bench = useBench();
const lastPairOf = async (session: string) => (await bench.store.sessions.read(session))?.lastPair;

test("V9: a session keeps its last pair, from whichever step it is out of it by, until it stands for nobody", async () => {
  const { sessions, outboxes, clock } = bench.store;
  const [room, next] = [newId(), newId()];
  const before = clock.now();
  const [left, leaver, goesOn] = await Promise.all([1, 2, 3].map(() => seated(bench.store, room)));
  if (!left || !leaver || !goesOn) throw new Error("three were to be seated");
  expect(await lastPairOf(left)).toBeUndefined();
  await outboxes.unseat(left, room, '["left"]');
  await outboxes.unseat(leaver, room, undefined);
  await sessions.requestTicket(goesOn, 1, "chat", "user", "{}");
  for (const session of [left, leaver, goesOn]) {
    const pair = await lastPairOf(session);
    expect(pair).toEqual({ room, seat: seatBeside("peer"), endedAt: expect.any(Number) });
    expect(pair?.endedAt).toBeGreaterThanOrEqual(before);
  }
  const first = await lastPairOf(goesOn);
  await outboxes.unseat(goesOn, room, undefined); // the rest of it
  expect(await lastPairOf(goesOn)).toEqual(first);
  const asked = await sessions.requestTicket(left, 1, "chat", "user", "{}");
  if (typeof asked === "string") throw new Error(asked);
  await sessions.reserve(left, next, asked.ticket, "{}");
  await outboxes.seat(left, next, seatBeside("another"), '["seated"]');
  expect(await lastPairOf(left)).toMatchObject({ room });
  await outboxes.unseat(left, next, '["left"]');
  expect(await lastPairOf(left)).toMatchObject({ room: next, seat: { peer: "another" } });
  await sessions.evict(left, "user", '["replaced"]');
  expect(await lastPairOf(left)).toBeUndefined();
});

test("V10: of a pair that has ended the last messages are kept for as long as it is void, and none is added", async () => {
  const { rooms } = bench.store;
  const post = (room: string, text: string) =>
    rooms.postMessage(room, { session: "one", epoch: 1 }, { user: "a", text });
  const ended = async (texts: readonly string[]) => {
    const room = newId();
    await rooms.decide(room, "open", "random", new Map([["one", { user: "a" }]]));
    for (const text of texts) await post(room, text);
    await rooms.close(room);
    await rooms.remove(room);
    return { room, kept: (await rooms.recentMessages(room, 100)).map(({ text }) => text) };
  };
  const { room, kept } = await ended(Array.from({ length: 25 }, (_, i) => `${i}`));
  expect(kept).toEqual(Array.from({ length: 20 }, (_, i) => `${i + 5}`));
  expect(await post(room, "late")).toBeUndefined();
  const [chatMs, metaMs] = await Promise.all(
    [keys.roomChat(room), keys.roomMeta(room)].map((key) => bench.redis.pttl(key)),
  );
  expect(chatMs).toBeGreaterThan(0);
  expect(chatMs).toBeLessThanOrEqual((metaMs ?? 0) + 1000);
  const large = ["x", "y", "z"].map((letter) => letter.repeat(1900));
  expect((await ended(large)).kept).toEqual(large.slice(1));
  expect((await ended([])).kept).toEqual([]);
});

test("V11: a session says from which network its client was connected last, as the epoch that holds it knows it", async () => {
  const { sessions } = bench.store;
  const id = newId();
  await sessions.open(id, "rooms", "secret", "node", { network: "203.0.113.7" });
  const network = async () => (await sessions.read(id))?.network;
  expect(await network()).toBe("203.0.113.7");
  await sessions.resume(id, "secret", 0, "other");
  expect(await sessions.setNetwork(id, "198.51.100.1", 1)).toBe("fenced");
  expect(await network()).toBe("203.0.113.7");
  expect(await sessions.setNetwork(id, "2001:db8:0:1::/64", 2)).toBeUndefined();
  expect(await network()).toBe("2001:db8:0:1::/64");
  expect(await sessions.setNetwork(newId(), "198.51.100.1", 1)).toBe("unknown");
  expect(await bench.store.sessions.read(await newSession(bench.store))).toMatchObject({ network: undefined });
});
