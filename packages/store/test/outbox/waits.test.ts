import { expect, test } from "vitest";
import { eventsOf, newId, newSession, seatBeside, useBench } from "../workbench.ts";

const bench = useBench(32);
const ref = (number: number) => ({ queue: "chat", number });
const undo = JSON.stringify({ queue: "chat" });
const packets = async (id: string) => (await eventsOf(bench.store, id)).map(({ packet }) => packet);
const announceByAll = (id: string, number: number) =>
  Promise.all(bench.stores.map(({ outboxes }) => outboxes.announceWait(id, ref(number), '["waiting"]', false)));
const seatByAll = (id: string, room: string, waiting?: string) =>
  Promise.all(
    bench.stores.map(({ outboxes }) => outboxes.seat(id, room, seatBeside("peer"), '["paired"]', undefined, waiting)),
  );

/** A session that waits with its first ticket. */
async function waiting(): Promise<string> {
  const id = await newSession(bench.store);
  await bench.store.sessions.requestTicket(id, 1, "chat", "user", "{}");
  return id;
}

test("O14: that it waits is announced once for each request, by however many processes, and only to its holder", async () => {
  const id = await waiting();
  expect((await announceByAll(id, 1)).filter((error) => error === undefined)).toHaveLength(1);
  await bench.store.sessions.requestTicket(id, 1, "chat", "user", "{}");
  expect((await announceByAll(id, 1)).filter((error) => error === undefined)).toEqual([]);
  expect((await announceByAll(id, 2)).filter((error) => error === undefined)).toHaveLength(1);
  expect(await packets(id)).toEqual(['["waiting"]', '["waiting"]']);
});

test("O14: the reply to a repeated request comes only after the announcement", async () => {
  const { outboxes } = bench.store;
  const id = await waiting();
  expect(await outboxes.announceWait(id, ref(1), '["again"]', true)).toBe("absent");
  await outboxes.announceWait(id, ref(1), '["waiting"]', false);
  expect(await outboxes.announceWait(id, ref(1), '["again"]', true)).toBeUndefined();
  expect(await packets(id)).toEqual(['["waiting"]', '["again"]']);
});

test("O14: a session that gave up its ticket, or was reserved with it, is not notified that it waits", async () => {
  const { sessions } = bench.store;
  const [idle, reserved] = [await waiting(), await waiting()];
  await sessions.withdrawTicket(idle, 1);
  await sessions.reserve(reserved, newId(), ref(1), undo);
  for (const id of [idle, reserved]) {
    expect(new Set(await announceByAll(id, 1))).toEqual(new Set(["absent"]));
    expect(await packets(id)).toEqual([]);
  }
});

test("O14: the first of two receives with its seat that it waits, before it, unless it has; the second does not", async () => {
  const { sessions } = bench.store;
  const [unaware, aware, second] = [await waiting(), await waiting(), await waiting()];
  await announceByAll(aware, 1);
  const room = newId();
  for (const id of [unaware, aware, second]) await sessions.reserve(id, room, ref(1), undo);
  expect(
    (await seatByAll(unaware, room, '["waiting"]')).filter((answer) => typeof answer === "object" && answer.announced),
  ).toHaveLength(1);
  expect(
    (await seatByAll(aware, room, '["waiting"]')).filter((answer) => typeof answer === "object" && answer.announced),
  ).toEqual([]);
  await seatByAll(second, room);
  expect(await packets(unaware)).toEqual(['["waiting"]', '["paired"]']);
  expect(await packets(aware)).toEqual(['["waiting"]', '["paired"]']);
  expect(await packets(second)).toEqual(['["paired"]']);
});

test("O14: a session whose reservation was undone is not notified a second time for the same request", async () => {
  const { sessions } = bench.store;
  const id = await waiting();
  await announceByAll(id, 1);
  const room = newId();
  await sessions.reserve(id, room, ref(1), undo);
  await sessions.releaseReservation(id, room);
  await sessions.forgetReservation(id, room);
  expect(new Set(await announceByAll(id, 2))).toEqual(new Set(["absent"]));
  expect(await packets(id)).toEqual(['["waiting"]']);
});
