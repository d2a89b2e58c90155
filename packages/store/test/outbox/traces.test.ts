import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { readOutboxMessage } from "../../src/outbox/outbox-message.ts";
import { Clock } from "../../src/redis/clock.ts";
import type { Store } from "../../src/store.ts";
import { type Trace, Traces, traceIdOf, untimed } from "../../src/trace.ts";
import { seating } from "../room/named-rooms.ts";
import { eventsOf, newId, newSession, published, seatBeside, seated, stopTime, useBench } from "../workbench.ts";

const bench = useBench();

/** How the version before traces reads a message. */
function readAsBefore(text: string) {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  const control = second === first + 1 ? undefined : JSON.parse(text.slice(first + 1, second));
  return { number: Number(text.slice(0, first)), control, packet: text.slice(second + 1) };
}

type Act = (store: Store, session: string, room: string, trace: Trace) => Promise<unknown>;
interface Delivery {
  readonly name: string;
  readonly control: object | undefined;
  readonly prepare: "seated" | "reserved" | "aiming";
  readonly act: Act;
}

const change = { about: "user", revision: 2, since: 2, listed: 2 };
const leg = { user: "user", by: "peer", expected: undefined };
const follow = { epoch: 1, last: "5-1" };
const from = { session: "peer", epoch: 1 };
const deliveries: readonly Delivery[] = [
  {
    name: "deliver",
    control: undefined,
    prepare: "seated",
    act: (s, to, r, t) => s.outboxes.deliver(to, r, from, "[]", t),
  },
  {
    name: "share",
    control: undefined,
    prepare: "seated",
    act: (s, to, r, t) => s.outboxes.deliverMessage(to, r, "[]", 1, t),
  },
  { name: "tell", control: undefined, prepare: "seated", act: (s, to, r, t) => s.outboxes.send(to, "[]", r, t) },
  {
    name: "inform",
    control: undefined,
    prepare: "seated",
    act: (s, to, r, t) => s.outboxes.deliverChange(to, r, change, "[]", t),
  },
  {
    name: "seat",
    control: { seat: seatBeside("peer") },
    prepare: "reserved",
    act: (s, to, r, t) => s.outboxes.seat(to, r, seatBeside("peer"), "[]", t),
  },
  {
    name: "admit",
    control: { seat: seating(1, 1).seat },
    prepare: "aiming",
    act: (s, to, r, t) => s.outboxes.admit(to, r, seating(1, 1), "[]", t),
  },
  {
    name: "follow",
    control: { follow: "5-1" },
    prepare: "seated",
    act: (s, to, _, t) => s.outboxes.followFeed(to, follow, "[]", t),
  },
  {
    name: "line",
    control: { line: "user", by: "peer" },
    prepare: "seated",
    act: (s, to, r, t) => s.outboxes.setCallLeg(to, r, from, leg, "[]", t),
  },
  { name: "unseat", control: {}, prepare: "seated", act: (s, to, r, t) => s.outboxes.unseat(to, r, "[]", t) },
  {
    name: "evict",
    control: { evicted: 2 },
    prepare: "seated",
    act: (s, to, _, t) => s.sessions.evict(to, `user-${to}`, "[]", t),
  },
];

async function prepared(room: string, { prepare }: Delivery): Promise<string> {
  if (prepare === "seated") return seated(bench.store, room);
  const session = await newSession(bench.store);
  if (prepare === "aiming") {
    await bench.store.sessions.beginEntry(session, 1, room);
    return session;
  }
  await bench.store.sessions.requestTicket(session, 1, "chat", "user", "{}");
  await bench.store.sessions.reserve(session, room, { queue: "chat", number: 1 }, "{}");
  return session;
}

test.for(deliveries)("O11: $name carries the trace, published and kept; an older version reads it too", async (way) => {
  const trace = new Traces(bench.store.clock).begin();
  const room = newId();
  const session = await prepared(room, way);
  const [text = "", ...more] = await published(session, () => way.act(bench.store, session, room, trace));
  expect(more).toEqual([]);
  const { trace: carried, control, ...message } = readOutboxMessage(text);
  expect(carried).toBe(trace.text);
  if (way.control) expect(control).toMatchObject(way.control);
  else expect(control).toBeUndefined();
  expect(readAsBefore(text)).toMatchObject(message);
  const kept = await eventsOf(bench.store, session);
  expect(kept.at(-1)).toEqual({ ...message, trace: trace.text });
});

test("O11: who departs is told with the trace, and a message without an event has one too", async () => {
  const { outboxes, sessions } = bench.store;
  const [session, room, trace] = [await newSession(bench.store), newId(), untimed("f".repeat(32))];
  await sessions.beginEntry(session, 1, room);
  await outboxes.admit(session, room, seating(1, 1), "[]");
  const delivered = await published(session, () => outboxes.depart(session, room, 1, '["departed"]', trace));
  expect(delivered.map(readOutboxMessage)).toEqual([
    { number: 2, control: { out: room }, packet: '["departed"]', trace: trace.id },
  ]);
  const other = await seated(bench.store, room);
  const silent = await published(other, () => outboxes.setCallLeg(other, room, from, leg, "", trace));
  expect(silent.map(readOutboxMessage)).toMatchObject([{ number: 0, trace: trace.id }]);
});

test("O11: what an older version published and kept is read as before", async () => {
  const first = { number: 7, control: undefined, packet: '["x",{"a":"\\n"}]', trace: undefined };
  expect(readOutboxMessage('7\n\n["x",{"a":"\\n"}]')).toEqual(first);
  const second = { number: 8, control: { out: "room" }, packet: '["left"]', trace: undefined };
  expect(readOutboxMessage('8\n{"out":"room"}\n["left"]')).toEqual(second);
  const session = await newSession(bench.store);
  await bench.redis.xadd(keys.outbox(session), "0-1", "p", '["old"]');
  await bench.redis.hset(keys.session(session), "number", 1);
  await bench.store.outboxes.send(session, '["new"]', undefined, untimed("a".repeat(32)));
  expect(await eventsOf(bench.store, session)).toEqual([
    { number: 1, packet: '["old"]', trace: undefined },
    { number: 2, packet: '["new"]', trace: "a".repeat(32) },
  ]);
});

test("an id is one of W3C Trace Context, and given once", () => {
  const clock = new Clock();
  const all = [new Traces(clock), new Traces(clock)].flatMap((traces) =>
    Array.from({ length: 10_000 }, () => traces.begin().id),
  );
  expect(new Set(all).size).toBe(20_000);
  for (const id of all) expect(id).toMatch(/^(?=.*[1-9a-f])[0-9a-f]{32}$/);
});

test("how long ago an event was: of each after a pause, of one in sixteen in a row, and never negative", () => {
  const clock = new Clock();
  const [traces, others] = [new Traces(clock), new Traces(clock)];
  const now = performance.now();
  const afterPauses = Array.from({ length: 20 }, (_, i) => traces.begin(now - 1000 + 20 * i));
  expect(afterPauses.every(({ text }) => others.secondsSince(text) !== undefined)).toBe(true);
  const inARow = Array.from({ length: 1600 }, () => traces.begin(now));
  const timed = inARow.filter(({ text }) => others.secondsSince(text) !== undefined);
  expect(timed.length).toBeGreaterThanOrEqual(100);
  expect(timed.length).toBeLessThanOrEqual(102);
  const [first] = afterPauses;
  expect(others.secondsSince(first?.text ?? "")).toBeGreaterThanOrEqual(1);
  expect(others.secondsSince(first?.text ?? "")).toBeLessThan(60);
  expect(others.secondsSince(traces.begin(now + 60_000).text)).toBe(0);
  expect(traceIdOf(first?.text ?? "")).toBe(first?.id);
  expect([traces.isOwn(first?.text ?? ""), others.isOwn(first?.text ?? "")]).toEqual([true, false]);
  expect(others.secondsSince(untimed(first?.id ?? "").text)).toBeUndefined();
});

test("the time goes by the look at Redis's clock with the shortest round trip, until that can't be true", async () => {
  const pass = stopTime();
  const clock = new Clock();
  let ahead = 0;
  const look = (onTheWayMs: number) => {
    const time = async () => {
      pass(onTheWayMs); // all of it before Redis reads its clock, which is the worst
      const at = 1000 * (1e9 + ahead) + performance.now();
      return [String(Math.floor(at / 1000)), String(Math.round((at % 1000) * 1000))];
    };
    return clock.synchronize({ time } as unknown as Redis);
  };
  const offBy = () => Math.abs(clock.measured() - performance.now() - 1000 * (1e9 + ahead));
  expect(clock.errorMs).toBe(Number.POSITIVE_INFINITY);
  await look(20);
  expect(offBy()).toBeGreaterThan(5);
  expect(offBy()).toBeLessThanOrEqual(clock.errorMs + 0.01);
  await look(0);
  const best = clock.errorMs;
  await look(200);
  expect(clock.errorMs).toBeLessThan(best + 1);
  expect(Math.abs(clock.now() - clock.measured())).toBeLessThan(2);
  expect(offBy()).toBeLessThanOrEqual(clock.errorMs + 0.01);
  ahead = 3600;
  await look(20);
  expect(offBy()).toBeLessThanOrEqual(clock.errorMs + 0.01);
});
