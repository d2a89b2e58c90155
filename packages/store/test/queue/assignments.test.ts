import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Assignment } from "../../src/queue/assignments.ts";
import { newId, queuedOf, ticketOf, useBench } from "../workbench.ts";

const bench = useBench();
let reader: Redis;
beforeAll(() => {
  reader = new Redis(inject("redisUrl"));
});
afterAll(() => reader.disconnect());

async function assigned(queue: string, pairs: number): Promise<void> {
  const { queues, assignments } = bench.store;
  await assignments.prepare(queue);
  await assignments.prepare(queue); // whoever starts later does it again
  for (let i = 0; i < pairs; i += 1) {
    const [a, b] = [`a${i}`, `b${i}`];
    for (const session of [a, b]) {
      await queues.enqueue(queue, session, ticketOf(`user-${session}`), { number: 1, epoch: 1, connected: true });
    }
    await queues.commit(queue, queuedOf(a, 2 * i + 1), queuedOf(b, 2 * i + 2), `room-${i}`);
  }
}
const take = (queue: string, consumer: string, count: number): Promise<Assignment[]> =>
  bench.store.assignments.take(reader, queue, consumer, count, 10);
const roomsOf = (taken: readonly Assignment[]) => taken.map(({ room }) => room);

test("A1: each assignment is handed to one matchmaker, with all that it takes", async () => {
  const queue = newId();
  await assigned(queue, 6);
  const shares = [await take(queue, "one", 2), await take(queue, "two", 9), await take(queue, "three", 9)];
  expect(shares.map((share) => share.length)).toEqual([2, 4, 0]);
  expect(new Set(shares.flatMap(roomsOf)).size).toBe(6);
  expect(shares[0]?.[0]).toMatchObject({
    queue,
    room: "room-0",
    one: { session: "a0", sequence: 1, ticket: { user: "user-a0" } },
    two: { session: "b0", sequence: 2 },
  });
});

test("A2: what was not finished in time goes to another", async () => {
  const queue = newId();
  const { assignments } = bench.store;
  await assigned(queue, 2);
  const [first] = await take(queue, "dead", 2);
  await assignments.finish(first as Assignment);
  expect(await assignments.takeOver(queue, "another", 9, 60_000)).toEqual([]);
  expect(roomsOf(await assignments.takeOver(queue, "another", 9, 0))).toEqual(["room-1"]);
});

test("A3: a finished assignment is gone, and finishing it again does nothing", async () => {
  const queue = newId();
  const { assignments } = bench.store;
  await assigned(queue, 1);
  const [assignment] = (await take(queue, "one", 1)) as [Assignment];
  await Promise.all(bench.stores.map((store) => store.assignments.finish(assignment)));
  expect(await assignments.open(queue)).toBe(0);
  expect(await assignments.takeOver(queue, "another", 9, 0)).toEqual([]);
});
