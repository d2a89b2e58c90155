import type { DialectName } from "@switchyard/protocol";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { type FeedEntry, readFeedMessage } from "../../src/presence/feed-entry.ts";
import { entryNumberOf } from "../../src/presence/feeds.ts";
import { eventsOf, newId, newSession, useBench } from "../workbench.ts";

const bench = useBench(32);
const DAY_MS = 86_400_000;
/** Redis trims a stream by whole nodes of that many entries. */
const NODE_ENTRIES = 100;

/** A dialect of one's own: the real ones' feeds are everybody's. */
const newDialect = () => newId() as DialectName;
const rules = { entriesKept: 1000, bytesKept: 1_048_576, retentionMs: undefined };
const event = (i: number) => JSON.stringify({ type: "said", i });
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A speaker who is there. */
async function senderIn(dialect: DialectName, epoch = 1) {
  const session = newId();
  await bench.store.presence.add(dialect, session);
  return { session, epoch };
}

async function post(dialect: DialectName, count: number, from = 0): Promise<string[]> {
  const sender = await senderIn(dialect);
  return Promise.all(range(count).map((i) => bench.store.feeds.post(dialect, event(from + i), sender, rules)));
}

test("F1: entries are numbered from 1 without a gap, in one order that is also that of their times, and published in it", async () => {
  const dialect = newDialect();
  const received: FeedEntry[] = [];
  const listener = new Redis(bench.redis.options.port ?? 0, bench.redis.options.host ?? "");
  listener.on("smessage", (_, text: string) => received.push(readFeedMessage(text)));
  try {
    await listener.ssubscribe(keys.feed(dialect));
    const senders = await Promise.all(bench.stores.map(() => senderIn(dialect)));
    const coming = (i: number) => ({ session: newId(), user: newId(), claim: 1, profile: "{}", event: event(i) });
    const acts = range(30).map((i) => {
      const store = bench.stores[i % 3] ?? bench.store;
      if (i % 2 === 0) return store.online.set(dialect, coming(i), 1);
      return store.feeds.post(dialect, event(i), senders[i % 3] ?? { session: "", epoch: 1 }, rules);
    });
    await Promise.all(acts);
    await listener.ping(); // answered after all that was published before
  } finally {
    listener.disconnect();
  }
  const kept = await bench.store.feeds.before(dialect, undefined, 100);
  expect(kept.map(({ number }) => number)).toEqual(range(30).map((i) => i + 1));
  expect(received).toEqual(kept);
  expect(new Set(kept.map((entry) => entry.event)).size).toBe(30);
  const times = kept.map(({ id }) => Number(id.split("-")[0]));
  expect(times).toEqual(times.toSorted((one, two) => one - two));
  expect(await bench.store.feeds.last(dialect)).toBe(kept.at(-1)?.id);
});

test("F2: what comes after an entry is handed over in order; where it is not all kept any more, nothing", async () => {
  const dialect = newDialect();
  const { feeds } = bench.store;
  expect(await feeds.after(dialect, "0-0", 10)).toEqual([]);
  const ids = await post(dialect, 10);
  const after = async (id: string, count = 100) => (await feeds.after(dialect, id, count))?.map(({ id }) => id);
  expect(await after("0-0")).toEqual(ids);
  expect(await after(ids[3] ?? "", 4)).toEqual(ids.slice(4, 8));
  expect(await after(ids[9] ?? "")).toEqual([]);
  await bench.redis.xtrim(keys.feed(dialect), "MAXLEN", 4);
  expect(await after(ids[5] ?? "")).toEqual(ids.slice(6));
  expect(await after(ids[4] ?? "")).toBeUndefined();
  await bench.redis.del(keys.feed(dialect));
  expect(await after(ids[9] ?? "")).toEqual([]);
  for (const id of [ids[8] ?? "", "0-0", "999999999999999-11"]) expect(await after(id), id).toBeUndefined();
});

test("F3: who has spoken in a later epoch is not heard in an earlier one; who is not there, or gone, is not heard at all", async () => {
  const dialect = newDialect();
  const { feeds, presence } = bench.store;
  const { session } = await senderIn(dialect);
  const post = (epoch: number) => feeds.post(dialect, event(epoch), { session, epoch }, rules);
  expect(await post(1)).toMatch(/-1$/);
  expect(await post(3)).toMatch(/-2$/);
  expect(await post(2)).toBe("fenced");
  await presence.add(dialect, session); // that it is there is said once more; what it has said stays known
  expect(await post(1)).toBe("fenced");
  expect(await post(3)).toMatch(/-3$/);
  await presence.remove(dialect, session);
  expect(await post(4)).toBe("fenced");
  expect(await feeds.post(dialect, event(0), { session: newId(), epoch: 1 }, rules)).toBe("fenced");
  expect(await presence.count(dialect)).toBe(0);
  expect((await feeds.before(dialect, undefined, 10)).map(({ number }) => number)).toEqual([1, 2, 3]);
});

test("F4: the configured number of entries is kept and not many more, and nothing for longer than they are to be kept", async () => {
  const dialect = newDialect();
  const { feeds, clock } = bench.store;
  const sender = await senderIn(dialect);
  await Promise.all(range(350).map((i) => feeds.post(dialect, event(i), sender, { ...rules, entriesKept: 120 })));
  const kept = await bench.redis.xlen(keys.feed(dialect));
  expect(kept).toBeGreaterThanOrEqual(120);
  expect(kept).toBeLessThanOrEqual(120 + NODE_ENTRIES);
  const aged = newDialect();
  for (const [i, age] of [3 * DAY_MS, 2 * DAY_MS + 1000, 2 * DAY_MS - 60_000].entries()) {
    await bench.redis.xadd(keys.feed(aged), `${clock.now() - age}-${i + 1}`, "e", event(i), "x", "");
  }
  const numbers = async () => (await feeds.before(aged, undefined, 10)).map(({ number }) => number);
  await feeds.trim(aged, rules);
  expect(await numbers()).toEqual([1, 2, 3]);
  await feeds.trim(aged, { ...rules, retentionMs: 2 * DAY_MS + 60_000 });
  expect(await numbers()).toEqual([2, 3]);
  await bench.redis.hset(keys.presenceMeta(aged), { fed: 3 });
  await feeds.post(aged, event(4), await senderIn(aged), { ...rules, retentionMs: 2 * DAY_MS });
  expect(await numbers()).toEqual([3, 4]);
});

test("F5: the last entries come with the place from which on all others come, whoever speaks meanwhile", async () => {
  const dialect = newDialect();
  const { feeds } = bench.store;
  expect(await feeds.latest(dialect, 5)).toEqual({ entries: [], last: "0-0" });
  const ids = await post(dialect, 4);
  expect(await feeds.latest(dialect, 0)).toEqual({ entries: [], last: ids[3] });
  const saying = post(dialect, 200, 4);
  const looks = await Promise.all(
    bench.stores.flatMap((store) => range(5).map(() => store.feeds.latest(dialect, 300))),
  );
  const all = [...ids, ...(await saying)];
  for (const { entries, last } of looks) {
    expect(entries.map(({ id }) => id)).toEqual(all.slice(0, entryNumberOf(last)));
    expect((await feeds.after(dialect, last, 300))?.map(({ id }) => id)).toEqual(all.slice(entryNumberOf(last)));
  }
});

test("F6: what is before an entry comes page by page, to the first; before all there is nothing", async () => {
  const dialect = newDialect();
  const { feeds } = bench.store;
  const ids = await post(dialect, 7);
  const before = async (id: string | undefined, count: number) =>
    (await feeds.before(dialect, id, count)).map((entry) => entry.id);
  expect(await before(undefined, 3)).toEqual(ids.slice(4));
  expect(await before(ids[4], 3)).toEqual(ids.slice(1, 4));
  expect(await before(ids[1], 3)).toEqual(ids.slice(0, 1));
  for (const id of [ids[0], "0-0", "000-00", "1-1"]) expect(await before(id, 3), id).toEqual([]);
});

test("O9: a session is told where it stands in the feed, and seated, in one step, by the epoch that holds it", async () => {
  const { outboxes, sessions } = bench.store;
  const [id, room] = [await newSession(bench.store), newId()];
  const seat = { kind: "member", user: "ann", profile: {} } as const;
  expect(await outboxes.followFeed(newId(), { epoch: 1, last: "5-5" }, '["list"]')).toBe("unknown");
  expect(await outboxes.followFeed(id, { epoch: 2, last: "5-5" }, '["list"]')).toBe("fenced");
  expect(await eventsOf(bench.store, id)).toEqual([]);
  await outboxes.send(id, '["before"]');
  await outboxes.followFeed(id, { epoch: 1, last: "5-5", opening: "{}", room, seat }, '["list"]');
  const record = await sessions.read(id);
  expect(record).toMatchObject({ feed: { last: "5-5", number: 2 }, opening: "{}" });
  expect([...(record?.seats ?? [])]).toEqual([[room, seat]]);
  await outboxes.followFeed(id, { epoch: 1, last: "7-7" }, '["list again"]');
  expect((await sessions.read(id))?.feed).toEqual({ last: "7-7", number: 3 });
  await sessions.setUser(id, "ann", undefined, 1);
  await sessions.evict(id, "ann", '["replaced"]');
  expect((await sessions.read(id))?.feed).toBeUndefined();
});

test("O10: by which session a user is in a call is noted with the event that tells it, only where it is noted as it must be", async () => {
  const { outboxes, sessions } = bench.store;
  const [id, room] = [await newSession(bench.store), newId()];
  const line = (by: string | undefined, expected?: string, session = "s1", epoch = 1) =>
    outboxes.setCallLeg(id, room, { session, epoch }, { user: "bob", by, expected }, `["${by}"]`);
  expect(await line("s1")).toBe("absent");
  const seat = { kind: "member", user: "ann", profile: {} } as const;
  await outboxes.followFeed(id, { epoch: 1, last: "0-0", room, seat }, "[]");
  expect(await line("s1", "*")).toBe("absent");
  expect(await line("*", undefined, id)).toBeUndefined();
  const answers = await Promise.all(
    bench.stores.map((store, i) => {
      const [session, by] = [`s${i}`, `s${i}`];
      return store.outboxes.setCallLeg(
        id,
        room,
        { session, epoch: 1 },
        { user: "bob", by, expected: "*" },
        `["${by}"]`,
      );
    }),
  );
  const winner = `s${answers.indexOf(undefined)}`;
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  expect(await sessions.callLegTo(id, "bob")).toBe(winner);
  expect(await line(winner, "*", winner)).toBeUndefined();
  expect(await line(undefined, "*", "other")).toBe("absent");
  expect(await line(undefined, "other", "other")).toBe("absent");
  expect(await line(winner, undefined, winner, 3)).toBeUndefined();
  expect(await line(undefined, undefined, winner, 2)).toBe("fenced");
  expect([...((await sessions.read(id))?.callLegs ?? [])]).toEqual([["bob", winner]]);
  expect(await line(undefined, winner, winner, 3)).toBeUndefined();
  expect(await sessions.callLegTo(id, "bob")).toBeUndefined();
  const delivered = (await eventsOf(bench.store, id)).map(({ packet }) => packet);
  expect(delivered).toEqual(["[]", '["*"]', ...[winner, winner, winner, undefined].map((by) => `["${by}"]`)]);
});
