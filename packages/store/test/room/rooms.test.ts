import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { newId, useBench } from "../workbench.ts";

const bench = useBench();
const peers = new Map([
  ["one", { user: "a" }],
  ["two", { user: "b" }],
]);

test("R1: the first decision stands", async () => {
  for (let round = 0; round < 10; round += 1) {
    const room = newId();
    const decisions = bench.stores.map(({ rooms }, i) =>
      rooms.decide(room, (i + round) % 2 ? "void" : "open", "random", peers),
    );
    expect(new Set(await Promise.all(decisions)).size).toBe(1);
  }
});

test("R2: a room that is closed before it was decided is void", async () => {
  const { rooms } = bench.store;
  const room = newId();
  expect(await rooms.close(room)).toEqual([]);
  expect(await rooms.decide(room, "open", "random", peers)).toBe("void");
  expect(await bench.redis.pttl(keys.roomMeta(room))).toBeGreaterThan(0);
});

test("R3: only who is in an open room speaks, in one order", async () => {
  const room = newId();
  const { rooms } = bench.store;
  await rooms.decide(room, "open", "random", peers);
  expect(await rooms.postMessage(room, { session: "stranger", epoch: 1 }, { user: "x", text: "hi" })).toBeUndefined();
  const said = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      bench.stores[i % 3]?.rooms.postMessage(
        room,
        { session: i % 2 ? "one" : "two", epoch: 1 },
        { user: "a", text: `${i}` },
      ),
    ),
  );
  const ids = said.map((message) => message?.id ?? "");
  expect(new Set(ids).size).toBe(30);
  expect(said[0]?.members.toSorted()).toEqual(["one", "two"]);
  const kept = (await bench.redis.xrange(keys.roomChat(room), "-", "+")).map(([id]) => id);
  expect([...ids].sort()).toEqual([...kept].sort());
  expect(await rooms.postMessage(room, { session: "one", epoch: 2 }, { user: "a", text: "later" })).toBeDefined();
  expect(await rooms.postMessage(room, { session: "one", epoch: 1 }, { user: "a", text: "overtaken" })).toBeUndefined();
  expect(await rooms.postMessage(room, { session: "two", epoch: 1 }, { user: "b", text: "another" })).toBeDefined();
  await rooms.close(room);
  expect(await rooms.postMessage(room, { session: "one", epoch: 2 }, { user: "a", text: "late" })).toBeUndefined();
});

test("R4: a closing room names who is to be taken out, again and again", async () => {
  const { rooms } = bench.store;
  const room = newId();
  await rooms.decide(room, "open", "random", peers);
  expect([...(await rooms.close(room))].sort()).toEqual(["one", "two"]);
  expect([...(await rooms.close(room))].sort()).toEqual(["one", "two"]);
  expect(await rooms.state(room)).toBe("closing");
});

test("R5: a removed room stays void, for a while", async () => {
  const { rooms } = bench.store;
  const room = newId();
  await rooms.decide(room, "open", "random", peers);
  await rooms.postMessage(room, { session: "one", epoch: 1 }, { user: "a", text: "hi" });
  await rooms.remove(room); // it is not closing
  expect(await rooms.state(room)).toBe("open");
  await rooms.close(room);
  await rooms.remove(room);
  expect(await rooms.decide(room, "open", "random", peers)).toBe("void");
  expect(await bench.redis.exists(keys.roomPeers(room))).toBe(0);
  expect(await bench.redis.pttl(keys.roomMeta(room))).toBeGreaterThan(0);
});

test("R6: a room keeps so many bytes of messages, the newest ones, also after messages of an older version", async () => {
  const { rooms } = bench.store;
  const room = newId();
  await rooms.decide(room, "open", "random", peers);
  await bench.redis.xadd(keys.roomChat(room), "1-1", "m", "{}");
  const ids: string[] = [];
  for (let i = 0; i < 80; i += 1) {
    const posted = await rooms.postMessage(
      room,
      { session: "one", epoch: 1 },
      { user: "a", text: "x".repeat(20_000) },
      1000,
    );
    ids.push(posted?.id ?? "");
  }
  const kept = (await bench.redis.xrange(keys.roomChat(room), "-", "+")).map(([id]) => id);
  expect(kept).toEqual(ids.slice(-26));
  expect(await bench.redis.memory("USAGE", keys.roomChat(room), "SAMPLES", 0)).toBeLessThan(1.3 * 524_288);
});
