import type { DialectName } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { entryNumberOf } from "../../src/presence/feeds.ts";
import type { OnlineResult } from "../../src/presence/online.ts";
import { newId, stopTime, useBench } from "../workbench.ts";

const bench = useBench();
/** A dialect of one's own: the real ones' people are everybody's. */
const newDialect = () => newId() as DialectName;
const LISTED = 100;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const profileOf = (user: string, session: string) => JSON.stringify({ user, session });
const came = (user: string) => JSON.stringify({ type: "came", user });
const went = (user: string) => JSON.stringify({ type: "went", user });

async function setOnline(dialect: DialectName, session: string, user: string, claim: number, store = bench.store) {
  const profile = profileOf(user, session);
  return store.online.set(dialect, { session, user, claim, profile, event: came(user) }, LISTED);
}

async function setOnlineOrFail(dialect: DialectName, session: string, user: string, claim = 1): Promise<OnlineResult> {
  const online = await setOnline(dialect, session, user, claim);
  if (typeof online === "string") throw new Error(online);
  return online;
}

const fed = async (dialect: DialectName) =>
  (await bench.store.feeds.before(dialect, undefined, 1000)).map(({ event, except }) => [JSON.parse(event), ...except]);

test("P4: a user is online by one session; the same again is no news, another one takes its place without it having left", async () => {
  const dialect = newDialect();
  expect(await setOnlineOrFail(dialect, "s1", "ann")).toMatchObject({ news: true, total: 1 });
  const repeated = await Promise.all(bench.stores.map((store) => setOnline(dialect, "s1", "ann", 1, store)));
  expect(repeated).toEqual(repeated.map(() => expect.objectContaining({ news: false, total: 1 })));
  expect(await setOnlineOrFail(dialect, "s2", "ann", 2)).toMatchObject({
    news: true,
    total: 1,
    profiles: [profileOf("ann", "s2")],
  });
  const event = { type: "came", user: "ann" };
  expect(await fed(dialect)).toEqual([
    [event, "s1"],
    [event, "s2", "s1"],
  ]);
  const renamed = { session: "s2", user: "ann", claim: 2, profile: '{"name":"Anna"}', event: came("ann") };
  expect(await bench.store.online.set(dialect, renamed, LISTED)).toMatchObject({
    news: true,
    profiles: [renamed.profile],
  });
});

test("P5: of several sessions the one that claimed the user last is online, whatever order they come in", async () => {
  const dialect = newDialect();
  const claims = [3, 1, 5, 2, 4];
  const answers = await Promise.all(
    claims.map((claim, i) => setOnline(dialect, `s${claim}`, "ann", claim, bench.stores[i % 3])),
  );
  expect(answers[2]).toMatchObject({ total: 1 });
  for (const claim of [1, 2, 3, 4]) expect(await setOnline(dialect, `s${claim}`, "ann", claim)).toBe("fenced");
  expect(await setOnlineOrFail(dialect, "s5", "ann", 5)).toMatchObject({
    news: false,
    profiles: [profileOf("ann", "s5")],
  });
  const events = await fed(dialect);
  expect(events).toHaveLength(answers.filter((answer) => typeof answer !== "string").length);
  expect(events.at(-1)?.[1]).toBe("s5");
});

test("P6: a user goes offline once, and only by the session, and the claim, by which it is online", async () => {
  const dialect = newDialect();
  const { online } = bench.store;
  await setOnlineOrFail(dialect, "s2", "ann", 2);
  expect(await online.clear(dialect, "s1", "ann", went("ann"))).toBe(false);
  expect(await online.clear(dialect, "s2", "ann", went("ann"), 1)).toBe(false);
  expect(await online.clear(dialect, "s2", "bob", went("bob"))).toBe(false);
  const goings = await Promise.all(
    bench.stores.map((store) => store.online.clear(dialect, "s2", "ann", went("ann"), 2)),
  );
  expect(goings.filter(Boolean)).toHaveLength(1);
  expect(await fed(dialect)).toEqual([
    [{ type: "came", user: "ann" }, "s2"],
    [{ type: "went", user: "ann" }, "s2"],
  ]);
  expect(await bench.redis.exists(keys.presencePeople(dialect), keys.presenceArrivals(dialect))).toBe(0);
});

test("P7: who comes is told who is there as of a place in the feed: what comes after it makes the list right again", async () => {
  const dialect = newDialect();
  const looks: OnlineResult[] = [];
  const acts = range(60).map(async (i) => {
    const [user, session, store] = [`u${i % 20}`, `s${i % 20}`, bench.stores[i % 3] ?? bench.store];
    if (i % 4 === 3) return void (await store.online.clear(dialect, session, user, went(user)));
    const online = await setOnline(dialect, session, user, 1, store);
    if (typeof online === "string") throw new Error(online);
    looks.push(online);
  });
  await Promise.all(acts);
  const all = await bench.store.feeds.before(dialect, undefined, 1000);
  const end = await setOnlineOrFail(dialect, "last", "last");
  const there = new Set(end.profiles.map((profile) => JSON.parse(profile).user as string));
  there.delete("last");
  for (const { profiles, last, total } of looks) {
    const known = new Set(profiles.map((profile) => JSON.parse(profile).user as string));
    expect(known.size).toBe(total);
    for (const { event } of all.slice(entryNumberOf(last))) {
      const { type, user } = JSON.parse(event);
      if (type === "came") known.add(user);
      else expect(known.delete(user)).toBe(true);
    }
    expect([...known].toSorted()).toEqual([...there].toSorted());
  }
});

test("P8: of many the latest are listed, however many are to be", async () => {
  const dialect = newDialect();
  const count = 9000; // more than Lua can unpack at once
  const pipeline = bench.redis.pipeline();
  for (const from of range(9).map((i) => i * 1000)) {
    pipeline.zadd(keys.presenceArrivals(dialect), ...range(1000).flatMap((i) => [from + i, `u${from + i}`]));
    pipeline.hset(keys.presencePeople(dialect), ...range(1000).flatMap((i) => [`u${from + i}`, `s 1 "${from + i}"`]));
  }
  await pipeline.exec();
  await bench.redis.hset(keys.presenceMeta(dialect), { arrivals: count, names: 1 });
  const coming = { session: "s", user: "ann", claim: 1, profile: '"ann"', event: came("ann") };
  const few = await bench.store.online.set(dialect, coming, 3);
  expect(few).toMatchObject({ total: count + 1, profiles: ['"ann"', `"${count - 1}"`, `"${count - 2}"`] });
  const all = await bench.store.online.set(dialect, coming, 10_000);
  expect(typeof all === "object" && all.profiles.length).toBe(count + 1);
  const turn = await bench.store.online.toAnnounce(dialect, 1000, 10_000);
  expect("names" in turn && turn.names.length).toBe(count + 1);
});

test("P9: a user that is there several times is named once, from its first session's coming to its last one's going", async () => {
  const dialect = newDialect();
  const { online } = bench.store;
  const each = (act: (i: number, store: typeof bench.store) => Promise<boolean>) =>
    Promise.all(range(12).map((i) => act(i % 4, bench.stores[i % 3] ?? bench.store)));
  const arrivals = await each((i, store) => store.online.addSession(dialect, `s${i}`, "ann"));
  expect(arrivals.filter(Boolean)).toHaveLength(1);
  await online.addSession(dialect, "t", "bob");
  expect(await online.names(dialect, LISTED)).toEqual({ names: ["ann", "bob"], total: 2 });
  expect(await online.names(dialect, 1)).toEqual({ names: ["ann"], total: 2 });
  for (const i of [0, 0, 1, 2, 2]) expect(await online.removeSession(dialect, `s${i}`)).toBe(false);
  expect((await online.names(dialect, LISTED)).names).toEqual(["ann", "bob"]);
  const departures = await each((i, store) => store.online.removeSession(dialect, `s${i}`));
  expect(departures.filter(Boolean)).toHaveLength(1);
  expect(await online.names(dialect, LISTED)).toEqual({ names: ["bob"], total: 1 });
  await Promise.all([
    online.removeSession(dialect, "t"),
    online.addSession(dialect, "t2", "bob"),
    online.removeSession(dialect, "t2"),
  ]);
  expect(await online.names(dialect, LISTED)).toEqual({ names: [], total: 0 });
  const parts = [keys.presenceHolders(dialect), keys.presencePeople(dialect), keys.presenceArrivals(dialect)];
  expect(await bench.redis.exists(...parts)).toBe(0);
});

test("P10: names that changed are announced by one process at most once an interval, until somebody has noted that it did so", async () => {
  const pass = stopTime();
  const dialect = newDialect();
  const { online } = bench.store;
  const ask = () => Promise.all(bench.stores.map((store) => store.online.toAnnounce(dialect, 1000, LISTED)));
  const intervalOver = () => pass(1000);
  const turnsOf = (answers: Awaited<ReturnType<typeof ask>>) =>
    answers.flatMap((answer) => ("names" in answer ? [answer] : []));
  for (const answer of await ask()) expect(answer).toEqual({ waitMs: 0 });
  await online.addSession(dialect, "s1", "ann");
  const [lost] = turnsOf(await ask());
  expect(lost).toMatchObject({ names: ["ann"], total: 1 });
  for (const answer of await ask()) expect("waitMs" in answer && answer.waitMs).toBeGreaterThan(0);
  intervalOver(); // and whoever was to announce it did not: it died
  const turns = turnsOf(await ask());
  expect(turns).toMatchObject([{ names: ["ann"] }]);
  await online.addSession(dialect, "s2", "bob"); // while it is announced
  for (const turn of turns) await online.announced(dialect, turn);
  intervalOver();
  const [next] = turnsOf(await ask());
  expect(next).toMatchObject({ names: ["ann", "bob"], total: 2 });
  if (next) await online.announced(dialect, next);
  intervalOver();
  for (const answer of await ask()) expect(answer).toEqual({ waitMs: 0 });
});

test("P11: the list of people is read as of the feed's last entry, with the latest first and as many as are listed", async () => {
  const dialect = newDialect();
  const { online } = bench.store;
  expect(await online.people(dialect, LISTED)).toEqual({ last: "0-0", total: 0, profiles: [] });
  const entries: string[] = [];
  for (const user of ["ann", "bob", "cem"]) entries.push((await setOnlineOrFail(dialect, `s-${user}`, user)).last);
  const profiles = ["cem", "bob", "ann"].map((user) => profileOf(user, `s-${user}`));
  expect(await online.people(dialect, LISTED)).toEqual({ last: entries.at(-1), total: 3, profiles });
  expect(await online.people(dialect, 2)).toMatchObject({ total: 3, profiles: profiles.slice(0, 2) });
});
