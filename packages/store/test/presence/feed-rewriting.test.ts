import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { laterMs, newId, useBench } from "../workbench.ts";

const bench = useBench(256, true);
type Run = (...args: readonly unknown[]) => Promise<unknown>;
const rules = { entriesKept: 10_000, bytesKept: 16_777_216, retentionMs: undefined };
const session = newId();

const said = (user: string, text: string) =>
  JSON.stringify({ type: "said", room: "chat:all", message: { session: `s-${user}`, user, text }, trace: "00-1" });

const later = () => bench.store.clock.now() + 60_000;

async function post(...events: readonly (readonly [user: string, text: string])[]): Promise<string[]> {
  await bench.store.presence.add("chat", session);
  const ids: string[] = [];
  for (const [user, text] of events)
    ids.push(await bench.store.feeds.post("chat", said(user, text), { session, epoch: 1 }, rules));
  return ids;
}
async function kept() {
  const all = [];
  for await (const page of bench.store.feedRewriting.entries("chat")) all.push(...page);
  return all;
}

/** The bytes that had been appended before each entry. */
async function bytesBefore() {
  const entries = await bench.redis.xrange(keys.feed("chat"), "-", "+");
  return entries.map(([, fields]) => fields.slice(-2));
}

test("F8: a user's messages are erased or go on under another name, and everything keeps its place", async () => {
  const ids = await post(["Ann", "one"], ["ben", 'says "user":"ann"'], ["ann", "two/ü"], ["carl", "three"]);
  const [first = ""] = ids;
  const before = await kept();
  await bench.store.feedRewriting.forget("chat", "ANN", later(), "[deleted]");
  const after = await kept();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after.filter(({ event }) => /"(s-)?ann"/i.test(event)).map(({ id }) => id)).toEqual([]);
  expect(after.flatMap(({ event }) => JSON.parse(event).message)).toEqual([
    { session: "", user: "[deleted]", text: "one" },
    { session: "s-ben", user: "ben", text: 'says "user":"ann"' },
    { session: "", user: "[deleted]", text: "two/ü" },
    { session: "s-carl", user: "carl", text: "three" },
  ]);
  await bench.store.feedRewriting.forget("chat", "carl", later());
  expect((await kept()).at(-1)?.event).toBe('{"type":"erased"}');
  const [next = ""] = await post(["dora", "four"]);
  expect((await bench.store.feeds.after("chat", first, 100))?.map(({ id }) => id)).toEqual([...ids.slice(1), next]);
  expect(await bench.redis.pttl(keys.feed("chat"))).toBe(-1);
});

test("F8: half of a surrogate pair, or a number with many digits, in a text keeps no user in the feed", async () => {
  const odd = '\ud800 and 12345678901234567890 "user":"pam"';
  await post(["pam", odd], ["pam", odd.toWellFormed()]);
  await bench.store.feedRewriting.forget("chat", "pam", later(), "[deleted]");
  const events = (await kept()).slice(-2).map(({ event }) => JSON.parse(event));
  expect(events.map(({ message }) => message)).toEqual([
    { session: "", user: "[deleted]", text: odd },
    { session: "", user: "[deleted]", text: odd.toWellFormed() },
  ]);
  expect(events.map(({ trace }) => trace)).toEqual(["00-1", "00-1"]);
});

test("F8: a copy counts bytes as the feed does, so the bound of bytes holds from then on", async () => {
  await post(["max", "one"], ["nora", "two"]);
  const before = await bytesBefore();
  await bench.store.feedRewriting.forget("chat", "max", later());
  expect(await bytesBefore()).toEqual(before);
  expect(before.at(-1)).toEqual(["b", expect.stringMatching(/^[1-9]/)]);
  const least = { ...rules, bytesKept: 1 };
  const id = await bench.store.feeds.post("chat", said("nora", "four"), { session, epoch: 1 }, least);
  expect((await kept()).map((entry) => entry.id)).toEqual([id]);
});

test("F8: nothing that is said meanwhile is lost, and two are taken out at the same time", async () => {
  await post(...Array.from({ length: 1200 }, (_, i) => [["eve", "finn", "gus"][i % 3] ?? "", `${i}`] as const));
  const count = (await kept()).length;
  const posting = post(...Array.from({ length: 200 }, (_, i) => ["hal", `later-${i}`] as const));
  await Promise.all([
    bench.stores[1]?.feedRewriting.forget("chat", "eve", later(), "[deleted]"),
    bench.stores[2]?.feedRewriting.forget("chat", "finn", later()),
    posting,
  ]);
  const texts = (await kept()).map(({ event }) => event);
  expect(texts).toHaveLength(count + 200);
  expect(texts.filter((text) => /"(eve|finn)"/.test(text))).toEqual([]);
  expect(texts.filter((text) => text.includes("later-"))).toHaveLength(200);
  expect(texts.filter((text) => text.includes('"gus"'))).toHaveLength(400);
  expect(await bench.redis.keys("sy:{presence:chat}:draft:*")).toEqual([]);
});

test("F8: what is said later is another user's, who has the same name", async () => {
  const [old = ""] = await post(["lea", "old"]);
  const until = Number(old.split("-")[0]);
  await laterMs(bench.store);
  await post(["lea", "new"]);
  await bench.store.feedRewriting.forget("chat", "lea", until);
  const texts = (await kept()).map(({ event }) => event).filter((event) => event.includes('"lea"'));
  expect(texts).toEqual([expect.stringContaining('"new"')]);
});

test("F9: where an entry is removed meanwhile, it does not come back", async () => {
  const [gone = "", ...rest] = await post(["ida", "x"], ["jo", "y"], ["ida", "z"]);
  const { feedRewriting } = bench.store;
  const run = bench.redis.evalsha.bind(bench.redis) as Run;
  let isRemoved = false;
  bench.redis.evalsha = (async (...args: unknown[]) => {
    const answer = await run(...args);
    if (!isRemoved) await bench.redis.xdel(keys.feed("chat"), gone); // after the first step of the copy
    isRemoved = true;
    return answer;
  }) as typeof bench.redis.evalsha;
  await feedRewriting.forget("chat", "ida", later(), "[deleted]");
  bench.redis.evalsha = run as typeof bench.redis.evalsha;
  const ids = (await kept()).map(({ id }) => id);
  expect(ids).not.toContain(gone);
  expect(ids).toEqual(expect.arrayContaining(rest));
  expect((await kept()).some(({ event }) => event.includes('"ida"'))).toBe(false);
});

test("F9: a copy that nobody goes on with has an end", async () => {
  await post(["kim", "x"]);
  const run = bench.redis.evalsha.bind(bench.redis) as Run;
  bench.redis.evalsha = (async (...args: unknown[]) => {
    await run(...args);
    throw new Error("the process died");
  }) as typeof bench.redis.evalsha;
  await expect(bench.store.feedRewriting.forget("chat", "kim", later())).rejects.toThrow("died");
  bench.redis.evalsha = run as typeof bench.redis.evalsha;
  const [draft = ""] = await bench.redis.keys("sy:{presence:chat}:draft:*");
  expect(await bench.redis.pttl(draft)).toBeGreaterThan(0);
  expect((await kept()).some(({ event }) => event.includes('"kim"'))).toBe(true);
});
