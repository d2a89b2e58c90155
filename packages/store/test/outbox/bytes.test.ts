import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { readOutboxMessage } from "../../src/outbox/outbox-message.ts";
import { newId, newSession, published, useBench } from "../workbench.ts";

const KEPT_BYTES = 131_072;
const bench = useBench(32, false, KEPT_BYTES);
/** An event of that many bytes, which says its number. */
const eventOf = (number: number, bytes: number) => JSON.stringify([`${number}`, "x".repeat(bytes)]);

/** The numbers of the events that a session's outbox has. */
async function keptBy(session: string): Promise<number[]> {
  const entries = await bench.redis.xrange(keys.outbox(session), "-", "+");
  return entries.map(([id]) => Number(id.slice(2)));
}

/** As many of the last events as fit are kept, all of one size, and those of `TRIM_BYTES` of the prelude at most besides. */
async function expectBounded(session: string, last: number, bytes: number): Promise<void> {
  const kept = await keptBy(session);
  const first = last - kept.length + 1;
  expect(kept).toEqual(Array.from(kept, (_, i) => first + i));
  expect(kept.length).toBeGreaterThanOrEqual(Math.floor(KEPT_BYTES / (bytes + 20)));
  expect(kept.length).toBeLessThanOrEqual((KEPT_BYTES + 16_384) / bytes);
}

test("O17: an outbox keeps so many bytes of events and no more, live and detached alike, and the newest of them", async () => {
  const { outboxes, sessions, clock } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 1; i <= 30; i += 1) await outboxes.send(id, eventOf(i, 10_000));
  await expectBounded(id, 30, 10_000);
  await sessions.detach(id, "node", 1, clock.now() + 60_000);
  for (let i = 31; i <= 60; i += 1) await outboxes.send(id, eventOf(i, 10_000));
  await expectBounded(id, 60, 10_000);
  expect(await bench.redis.memory("USAGE", keys.outbox(id), "SAMPLES", 0)).toBeLessThan(1.3 * KEPT_BYTES);
});

test("O17: small events count as large ones do", async () => {
  const { outboxes } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 1; i <= 250; i += 1) await outboxes.send(id, eventOf(i, 1000));
  await expectBounded(id, 250, 1000);
});

test("O17: a client that has missed an event that is no longer kept is refused; one that has missed none of them is not", async () => {
  const { outboxes, sessions } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 1; i <= 30; i += 1) await outboxes.send(id, eventOf(i, 10_000));
  const [first = 0] = await keptBy(id);
  expect(await sessions.resume(id, "secret", first - 2, "another node")).toBe("gap");
  expect(await sessions.reconcile(id, 1, first - 2)).toBe("gap");
  const restored = await sessions.resume(id, "secret", first - 1, "another node");
  expect(restored).toMatchObject({ epoch: 2 });
  expect(typeof restored === "object" && restored.missed.map(({ number }) => number)).toEqual(await keptBy(id));
});

test("O17: an event that alone is too large is kept, and nothing before it", async () => {
  const { outboxes } = bench.store;
  const id = await newSession(bench.store);
  await outboxes.send(id, eventOf(1, 10));
  await outboxes.send(id, eventOf(2, 2 * KEPT_BYTES));
  expect(await keptBy(id)).toEqual([2]);
  for (const i of [3, 4]) await outboxes.send(id, eventOf(i, 10_000));
  expect(await keptBy(id)).toEqual([3, 4]);
});

test("O17: events that an older version appended go first, and confirmed ones no longer count", async () => {
  const { outboxes, confirmedEvents } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 1; i <= 3; i += 1) {
    await bench.redis.hincrby(keys.session(id), "number", 1);
    await bench.redis.xadd(keys.outbox(id), `0-${i}`, "-", eventOf(i, 10));
  }
  for (let i = 4; i <= 16; i += 1) await outboxes.send(id, eventOf(i, 10_000));
  expect((await keptBy(id))[0]).toBe(1);
  await outboxes.send(id, eventOf(17, 10_000));
  expect((await keptBy(id))[0]).toBe(5);
  await confirmedEvents.removeUpTo(id, 10);
  expect((await keptBy(id))[0]).toBe(11);
  for (let i = 18; i <= 23; i += 1) await outboxes.send(id, eventOf(i, 10_000));
  expect((await keptBy(id))[0]).toBe(11);
  await confirmedEvents.removeUpTo(newId(), 1);
});

test("O18: an event is published whole, and kept as a reference under its number, which is what counts", async () => {
  const { outboxes, sessions } = bench.store;
  const id = await newSession(bench.store);
  const reference = '["@state",{"event":{"type":"history"},"upTo":"7-1"}]';
  const packet = eventOf(1, 2 * KEPT_BYTES);
  const messages = (
    await published(id, async () => {
      for (let i = 0; i < 3; i += 1)
        await outboxes.followFeed(id, { epoch: 1, last: "7-1" }, packet, undefined, reference);
    })
  ).map(readOutboxMessage);
  expect(messages.map((message) => [message.number, message.packet])).toEqual(
    [1, 2, 3].map((number) => [number, packet]),
  );
  const restored = await sessions.resume(id, "secret", 1, "another node");
  expect(typeof restored === "object" && restored.missed).toMatchObject([
    { number: 2, packet: reference },
    { number: 3, packet: reference },
  ]);
});
