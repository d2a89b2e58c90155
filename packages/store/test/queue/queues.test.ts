import { Redis } from "ioredis";
import { expect, inject, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { readQueueChange, type Stamp } from "../../src/queue/ticket.ts";

import { newId, queuedOf, ticketOf, useBench } from "../workbench.ts";

const bench = useBench();
const stampOf = (number: number, epoch = 1, connected = true): Stamp => ({ number, epoch, connected });
const put = (queue: string, session: string, stamp = stampOf(1), sequence?: number) =>
  bench.store.queues.enqueue(queue, session, ticketOf(`user-${session}`), stamp, sequence);
const order = async (queue: string) => (await bench.store.queues.load(queue)).tickets.map(({ session }) => session);

test("Q1: renewing a ticket keeps its place", async () => {
  const queue = newId();
  for (const session of ["a", "b"]) await put(queue, session);
  const wish = { ...ticketOf("user-a"), interests: ["music"] };
  expect(await bench.store.queues.enqueue(queue, "a", wish, stampOf(2))).toMatchObject({ sequence: 1, position: 1 });
  const { tickets } = await bench.store.queues.load(queue);
  expect(tickets.map(({ session, sequence }) => [session, sequence])).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(tickets[0]).toMatchObject({ stamp: stampOf(2), ticket: { interests: ["music"] } });
});

test("Q2: an older ticket, or an earlier epoch's, changes nothing", async () => {
  const queue = newId();
  await put(queue, "a", stampOf(3, 2));
  expect(await put(queue, "a", stampOf(2, 9))).toBe("fenced");
  expect(await put(queue, "a", stampOf(3, 1))).toBe("fenced");
  expect((await bench.store.queues.load(queue)).tickets[0]?.stamp).toEqual(stampOf(3, 2));
});

test("Q3: the latest epoch says whether the owner is connected", async () => {
  const queue = newId();
  const { queues } = bench.store;
  const connected = async () => (await queues.load(queue)).tickets[0]?.stamp.connected;
  await put(queue, "a");
  expect(await queues.setTicketConnected("a", { queue, number: 1 }, 1, false)).toBe(true);
  expect(await connected()).toBe(false);
  await queues.setTicketConnected("a", { queue, number: 1 }, 2, true);
  await queues.setTicketConnected("a", { queue, number: 1 }, 1, false); // the former node was slow
  expect(await connected()).toBe(true);
  expect(await queues.setTicketConnected("nobody", { queue, number: 1 }, 1, true)).toBe(false);
  expect(await queues.setTicketConnected("a", { queue, number: 2 }, 3, false)).toBe(false); // that one never came here
  expect(await connected()).toBe(true);
});

test("Q4: only two unchanged tickets are paired", async () => {
  const queue = newId();
  const { queues, assignments } = bench.store;
  await assignments.prepare(queue);
  for (const session of ["a", "b"]) await put(queue, session);
  const [a, b] = [queuedOf("a", 1), queuedOf("b", 2)];
  await queues.setTicketConnected("b", { queue, number: 1 }, 1, false);
  expect(await queues.commit(queue, a, b, "room")).toBe(false);
  expect([await order(queue), await assignments.open(queue)]).toEqual([["a", "b"], 0]);
  await queues.setTicketConnected("b", { queue, number: 1 }, 1, true);
  expect(await queues.commit(queue, a, b, "room")).toBe(true);
  expect([await order(queue), await assignments.open(queue)]).toEqual([[], 1]);
});

test("Q5: of pairings that compete for a ticket at most one is final", async () => {
  const queue = newId();
  await bench.store.assignments.prepare(queue);
  const sessions = Array.from({ length: 7 }, (_, i) => `s${i}`);
  for (const session of sessions) await put(queue, session);
  const { tickets } = await bench.store.queues.load(queue);
  const pairs = tickets.flatMap((one, i) => tickets.slice(i + 1).map((two) => [one, two] as const));
  const commits = pairs.map(async ([one, two], i) =>
    (await bench.stores[i % 3]?.queues.commit(queue, one, two, newId())) ? [one.session, two.session] : [],
  );
  const paired = (await Promise.all(commits)).flat();
  expect(new Set(paired).size).toBe(paired.length);
  expect(paired.length).toBe(6);
  expect(await bench.store.assignments.open(queue)).toBe(3);
});

test("Q6: taking a ticket out leaves a newer one", async () => {
  const queue = newId();
  await put(queue, "a", stampOf(2));
  await bench.store.queues.dequeue("a", { queue, number: 1 });
  expect(await order(queue)).toEqual(["a"]);
  await bench.store.queues.dequeue("a", { queue, number: 2 });
  expect(await order(queue)).toEqual([]);
});

test("Q7: every change is told, with a revision that counts by one", async () => {
  const queue = newId();
  const listener = new Redis(inject("redisUrl"));
  const received: string[] = [];
  listener.on("smessage", (_channel: string, text: string) => received.push(text));
  await listener.ssubscribe(keys.queueChanges(queue));
  await bench.store.assignments.prepare(queue);
  for (const session of ["a", "b", "c"]) await put(queue, session);
  await bench.store.queues.setTicketConnected("c", { queue, number: 1 }, 1, false);
  await bench.store.queues.dequeue("c", { queue, number: 1 });
  await bench.store.queues.commit(queue, queuedOf("a", 1), queuedOf("b", 2), "room");
  await listener.ping(); // answered after what was published before it
  const changes = received.map(readQueueChange);
  expect(changes.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(changes.map(({ kind }) => kind)).toEqual(["put", "put", "put", "stamp", "drop", "drop"]);
  expect((await bench.store.queues.load(queue)).revision).toBe(6);
  await listener.quit();
});

test("Q8: who is queued again at an old place stands before those who came later", async () => {
  const queue = newId();
  for (const session of ["a", "b", "c"]) await put(queue, session);
  await bench.store.queues.dequeue("a", { queue, number: 1 });
  await put(queue, "d");
  await put(queue, "a", stampOf(2)); // a worker that was slow had it at the end already
  await put(queue, "a", stampOf(2), 1);
  expect(await order(queue)).toEqual(["a", "b", "c", "d"]);
});

test("Q9: one matchmaker leads a queue", async () => {
  const queue = newId();
  const leads = bench.stores.map(({ queues }, i) => queues.lead(queue, `m${i}`, 60_000));
  const answers = await Promise.all(leads);
  expect(answers.filter(Boolean)).toHaveLength(1);
  const leader = `m${answers.indexOf(true)}`;
  expect(await bench.store.queues.lead(queue, leader, 60_000)).toBe(true);
  await bench.store.queues.releaseLead(queue, "another");
  expect(await bench.store.queues.lead(queue, "another", 60_000)).toBe(false);
  await bench.store.queues.releaseLead(queue, leader);
  expect(await bench.store.queues.lead(queue, "another", 60_000)).toBe(true);
  expect(await bench.redis.pttl(keys.queueLeader(queue))).toBeGreaterThan(0);
});
