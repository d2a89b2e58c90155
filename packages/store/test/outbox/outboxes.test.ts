import { Redis } from "ioredis";
import { expect, inject, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { readOutboxMessage } from "../../src/outbox/outbox-message.ts";
import { eventsOf, newId, newSession, published, seatBeside, seated, useBench } from "../workbench.ts";

const bench = useBench(32);
const from = (session: string, epoch = 1) => ({ session, epoch });

test("O1: a peer's event reaches only who is in the room", async () => {
  const { outboxes } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  expect(await outboxes.deliver(id, newId(), from("stranger"), '["x"]')).toBe("absent");
  expect(await outboxes.deliver(newId(), room, from("peer"), '["x"]')).toBe("unknown");
  expect(await eventsOf(bench.store, id)).toHaveLength(1);
  expect(await outboxes.deliver(id, room, from("peer"), '["x"]')).toBeUndefined();
  expect(await eventsOf(bench.store, id)).toHaveLength(2);
});

test("O2: of several events in one packet each gets its number, in order and in one step", async () => {
  const { outboxes } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  const received = await published(id, () => outboxes.unseat(id, room, '["bye"]\n["ready",{"a":"\\n"}]\n["end"]'));
  const messages = received.map(readOutboxMessage);
  expect(messages.map(({ number, packet }) => [number, packet])).toEqual([
    [2, '["bye"]'],
    [3, '["ready",{"a":"\\n"}]'],
    [4, '["end"]'],
  ]);
  expect(messages.map(({ control }) => control)).toEqual([{ out: room }, undefined, undefined]);
  expect((await eventsOf(bench.store, id)).slice(1)).toMatchObject(
    messages.map(({ number, packet }) => ({ number, packet })),
  );
});

test("O2: numbers have no gap, however many send", async () => {
  const room = newId();
  const id = await seated(bench.store, room);
  const sends = Array.from({ length: 24 }, (_, i) =>
    (bench.stores[i % 3] ?? bench.store).outboxes.deliver(id, room, from(`peer-${i}`), `["n",${i}]`),
  );
  await Promise.all(sends);
  const events = await eventsOf(bench.store, id);
  expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  expect(new Set(events.map(({ packet }) => packet)).size).toBe(25);
});

test("O3: a sender's earlier epoch is not heard after a later one", async () => {
  const { outboxes } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  expect(await outboxes.deliver(id, room, from("peer", 2), '["new"]')).toBeUndefined();
  expect(await outboxes.deliver(id, room, from("peer", 1), '["old"]')).toBe("fenced");
  expect(await outboxes.deliver(id, room, from("another", 1), '["x"]')).toBeUndefined();
  expect((await eventsOf(bench.store, id)).map(({ packet }) => packet)).not.toContain('["old"]');
});

test("O4: an event is published, after it is kept, to the session's own channel", async () => {
  const room = newId();
  const [id, other] = [await seated(bench.store, room), await seated(bench.store, room)];
  const listener = new Redis(inject("redisUrl"));
  const received: [string, string][] = [];
  listener.on("smessage", (channel: string, text: string) => received.push([channel, text]));
  for (const session of [id, other]) await listener.ssubscribe(keys.outbox(session));
  await bench.store.outboxes.deliver(id, room, from(other), '["x",{"a":"\\n"}]');
  await listener.ping(); // answered after what was published before it
  expect(received).toEqual([[keys.outbox(id), '2\n{"trace":"-"}\n["x",{"a":"\\n"}]']]);
  expect(readOutboxMessage(received[0]?.[1] ?? "")).toEqual({
    number: 2,
    control: undefined,
    packet: '["x",{"a":"\\n"}]',
  });
  await listener.quit();
});

test("O5: of what is not confirmed eight times as many events are kept as was asked for, whatever the session's state", async () => {
  const { outboxes, sessions } = bench.store;
  const id = await newSession(bench.store);
  const kept = () => bench.redis.xlen(keys.outbox(id));
  const burst = async () => {
    for (let i = 0; i < 8 * 32; i += 1) await outboxes.send(id, `["n",${i}]`);
  };
  await burst();
  expect(await kept()).toBe(8 * 32);
  for (let i = 0; i < 3; i += 1) await burst();
  expect(await kept()).toBeGreaterThanOrEqual(8 * 32);
  expect(await kept()).toBeLessThan(8 * 32 + 128);
  await sessions.detach(id, "node", 1, bench.store.clock.now() + 60_000);
  await burst();
  const restored = await sessions.resume(id, "secret", 4 * 8 * 32, "another node");
  if (typeof restored === "string") throw new Error(restored);
  expect(restored.missed.map(({ packet }) => packet)).toEqual(Array.from({ length: 8 * 32 }, (_, i) => `["n",${i}]`));
  await burst(); // the first events after a resume take nothing away of those before
  expect(await sessions.resume(id, "secret", 5 * 8 * 32, "a third node")).toMatchObject({ epoch: 3 });
  expect(await kept()).toBeLessThan(8 * 32 + 128);
});

test("O12: confirmed events are removed up to the number given, and no later one; nobody is missed an event that it asks for", async () => {
  const { outboxes, confirmedEvents, sessions } = bench.store;
  const id = await newSession(bench.store);
  for (let i = 0; i < 8 * 32; i += 1) await outboxes.send(id, `["n",${i}]`);
  await confirmedEvents.removeUpTo(id, 200);
  const left = await bench.redis.xrange(keys.outbox(id), "-", "+");
  expect(left.length).toBeLessThan(8 * 32);
  expect(left.map(([number]) => number).slice(-56)).toEqual(Array.from({ length: 56 }, (_, i) => `0-${201 + i}`));
  await confirmedEvents.removeUpTo(id, 100); // late, from a node that stood still
  expect(await bench.redis.xlen(keys.outbox(id))).toBe(left.length);
  expect(await sessions.resume(id, "secret", 200, "another node")).toMatchObject({ epoch: 2 });
  await confirmedEvents.removeUpTo(newId(), 100); // a session that has ended meanwhile
});

test("O6: only a reserved session is seated, and told so once", async () => {
  const { outboxes } = bench.store;
  const [id, room] = [await newSession(bench.store), newId()];
  expect(await outboxes.seat(id, room, seatBeside("peer"), "[]")).toBe("absent");
  const reserved = await seated(bench.store, room);
  const repeated = bench.stores.map((store) => store.outboxes.seat(reserved, room, seatBeside("peer"), "[]"));
  const again = { appended: false, announced: false };
  expect(await Promise.all(repeated)).toEqual([again, again, again]);
  expect(await eventsOf(bench.store, reserved)).toHaveLength(1);
});

test("O7: who is in a room is taken out and told once; who is reserved is only named", async () => {
  const { outboxes, sessions } = bench.store;
  const room = newId();
  const id = await seated(bench.store, room);
  await Promise.all(bench.stores.map((store) => store.outboxes.unseat(id, room, '["left"]')));
  expect((await eventsOf(bench.store, id)).map(({ packet }) => packet)).toEqual(['["seated"]', '["left"]']);
  const waiting = await newSession(bench.store);
  await sessions.requestTicket(waiting, 1, "chat", "user", "{}");
  await sessions.reserve(waiting, room, { queue: "chat", number: 1 }, "{}");
  expect(await outboxes.unseat(waiting, room, '["left"]')).toBe("reserved");
  expect((await sessions.read(waiting))?.reserved).toEqual([room]);
  await outboxes.unseat(waiting, room, undefined);
  expect((await sessions.read(waiting))?.reserved).toEqual([]);
  expect(await eventsOf(bench.store, waiting)).toEqual([]);
});

test("O8: who waits no more is not told about waiting, nor who has left about the room", async () => {
  const { outboxes, sessions } = bench.store;
  const id = await newSession(bench.store);
  await sessions.requestTicket(id, 1, "chat", "user", "{}");
  await sessions.withdrawTicket(id, 1);
  expect(await outboxes.announceWait(id, { queue: "chat", number: 1 }, '["waiting"]', false)).toBe("absent");
  expect(await eventsOf(bench.store, id)).toEqual([]);
  const room = newId();
  const other = await seated(bench.store, room);
  expect(await outboxes.send(other, '["paired"]', room)).toBeUndefined();
  await outboxes.unseat(other, room, '["left"]');
  expect(await outboxes.send(other, '["paired"]', room)).toBe("absent");
});
