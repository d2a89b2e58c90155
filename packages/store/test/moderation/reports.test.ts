import { beforeEach, expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import type { ReportContent, Resolution, Verdict } from "../../src/moderation/report.ts";
import type { ReportRules } from "../../src/moderation/reports.ts";
import { stopTime, useBench } from "../workbench.ts";

const DAY_MS = 86_400_000;
const NETWORK = "4110010110000000001110001";
const rules: ReportRules = { perDay: 2, kept: 100, retentionMs: 30 * DAY_MS };
const message = { id: "1-1", at: 1, session: "s2", user: "bob", name: undefined, text: "an insult" };

const bench = useBench(256, true);
beforeEach(async () => {
  const found = await bench.redis.keys("sy:{moderation}:*");
  if (found.length > 0) await bench.redis.del(...found);
});

const reportOf = (id: string, by = "ann"): ReportContent => ({
  id,
  at: 5,
  dialect: "rooms",
  room: "rooms:standup",
  category: "harassment",
  words: "he insults me",
  reporter: { session: "s1", user: by },
  reported: { user: "bob", session: "s2", name: "Bob" },
});
const keep = (report: ReportContent, more: Partial<ReportRules> = {}, network: string | undefined = undefined) =>
  bench.store.reports.keep(report, [message], network, { ...rules, ...more });
const ids = async (which: "open" | "all" = "all") => (await bench.store.reports.list(which, 100)).map(({ id }) => id);
const logged = async () => (await bench.store.moderation.audit(10)).map(({ action }) => action);
const resolutionOf = (verdict: Verdict, by = "max"): Resolution => ({ verdict, by, reason: "because", at: 7 });
const recordOf = async (id: string) => (await bench.store.reports.find(id))?.record;

test("V1: of one report made several times at once one is kept, with its evidence, and counted", async () => {
  const outcomes = await Promise.all(
    bench.stores.map(({ reports }) => reports.keep(reportOf("a"), [message], undefined, rules)),
  );
  expect(outcomes.toSorted()).toEqual(["kept", "repeated", "repeated"]);
  expect(await keep({ ...reportOf("a"), category: "spam" })).toBe("repeated");
  expect(await bench.store.reports.find("a")).toEqual({
    ...reportOf("a"),
    resolution: undefined,
    messages: [{ ...message }],
    record: { made: 1, upheld: 0, dismissed: 0 },
  });
  expect(await keep(reportOf("b"))).toBe("kept"); // repetitions did not use up the day's reports
});

test("V2: a user reports so many times a day; a report beyond that changes nothing, and says for how long", async () => {
  for (const id of ["a", "b"]) expect(await keep(reportOf(id))).toBe("kept");
  const refused = await keep(reportOf("c"));
  expect(refused).toEqual({ waitMs: expect.any(Number) });
  expect((refused as { waitMs: number }).waitMs).toBeGreaterThan(DAY_MS - 60_000);
  expect([await ids(), await recordOf("a")]).toEqual([["b", "a"], { made: 2, upheld: 0, dismissed: 0 }]);
  expect(await keep(reportOf("a"))).toBe("repeated");
  expect(await keep(reportOf("d", "eve"))).toBe("kept");
});

test("V2: all users of a network together report ten times as often as one of them may", async () => {
  for (let i = 0; i < 10; i += 1) expect(await keep(reportOf(`${i}`, `user${i}`), { perDay: 1 }, NETWORK)).toBe("kept");
  expect(await keep(reportOf("next", "another"), { perDay: 1 }, NETWORK)).toEqual({ waitMs: expect.any(Number) });
  expect(await ids()).toHaveLength(10);
  // what the network was refused does not count against the user
  expect(await keep(reportOf("next", "another"), { perDay: 1 }, "40")).toBe("kept");
});

test("V3: of more reports than are kept the oldest go, with everything of them", async () => {
  const letPass = stopTime();
  for (const id of ["a", "b", "c"]) {
    await keep(reportOf(id, id), { kept: 2 });
    if (id === "a") await bench.store.reports.resolve(reportOf("a", "a"), resolutionOf("upheld"));
    letPass(10);
  }
  expect([await ids(), await ids("open"), await bench.store.reports.find("a")]).toEqual([
    ["c", "b"],
    ["c", "b"],
    undefined,
  ]);
  expect((await bench.redis.hkeys(keys.reports())).filter((field) => field.startsWith("a"))).toEqual([]);
});

test("V3: a report goes when it is older than reports are kept, and not before; some at a time", async () => {
  const letPass = stopTime();
  for (const id of ["a", "b"]) await keep(reportOf(id, id));
  letPass(1000);
  await keep(reportOf("c", "c"));
  expect(await bench.store.reports.expire(1000, 10)).toBe(0);
  letPass(1);
  expect(await bench.store.reports.expire(1000, 1)).toBe(1);
  expect(await bench.store.reports.expire(1000, 10)).toBe(1);
  expect([await ids(), await ids("open")]).toEqual([["c"], ["c"]]);
  expect(await bench.redis.hlen(keys.reports())).toBe(2); // the report and its messages
});

test("V4: a report is resolved once, with an entry in the log, and its reporter's record says so", async () => {
  await keep(reportOf("a"));
  await keep(reportOf("b"));
  const answers = await Promise.all(
    bench.stores.map(({ reports }, i) => reports.resolve(reportOf("a"), resolutionOf("upheld", `operator ${i}`))),
  );
  const resolution = (await bench.store.reports.find("a"))?.resolution;
  expect(answers).toEqual([resolution, resolution, resolution]);
  expect(await bench.store.moderation.audit(10)).toEqual([
    {
      id: expect.any(String),
      at: expect.any(Number),
      action: "uphold",
      by: resolution?.by,
      reason: "because",
      report: {
        id: "a",
        dialect: "rooms",
        room: "rooms:standup",
        category: "harassment",
        reporter: { session: "s1", user: "ann" },
        reported: { user: "bob", session: "s2", name: "Bob" },
      },
    },
  ]);
  expect([await ids("open"), await ids(), await recordOf("a")]).toEqual([
    ["b"],
    ["b", "a"],
    { made: 2, upheld: 1, dismissed: 0 },
  ]);
});

test("V4: another verdict takes the place of the first; where there is no report nothing changes", async () => {
  const { reports } = bench.store;
  await keep(reportOf("a"));
  await reports.resolve(reportOf("a"), resolutionOf("upheld"));
  expect(await reports.resolve(reportOf("a"), resolutionOf("dismissed", "eve"))).toEqual(
    resolutionOf("dismissed", "eve"),
  );
  expect([await recordOf("a"), await logged()]).toEqual([{ made: 1, upheld: 0, dismissed: 1 }, ["dismiss", "uphold"]]);
  expect(await reports.resolve(reportOf("x"), resolutionOf("upheld"))).toBeUndefined();
  expect(await logged()).toHaveLength(2);
  // without its record, which lapses by itself, none begins that would never lapse
  await bench.redis.del(keys.reporter("rooms", "ann"));
  await reports.resolve(reportOf("a"), resolutionOf("upheld"));
  expect(await bench.redis.exists(keys.reporter("rooms", "ann"))).toBe(0);
});

test("reports come page by page, also after one that was resolved meanwhile", async () => {
  const letPass = stopTime();
  for (const id of ["a", "b", "c", "d"]) {
    await keep(reportOf(id, id));
    letPass(10);
  }
  const { reports } = bench.store;
  const page = async (before?: string) => (await reports.list("open", 2, before)).map(({ id }) => id);
  expect(await page()).toEqual(["d", "c"]);
  await reports.resolve(reportOf("c", "c"), resolutionOf("dismissed"));
  expect([await page("c"), await page("a")]).toEqual([["b", "a"], []]);
  await expect(page("x")).rejects.toThrow(RangeError);
});
