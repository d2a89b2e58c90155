import { until } from "@switchyard/testkit";
import { beforeEach, expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import type { AuditEntry } from "../../src/moderation/audit-entry.ts";
import { type Ban, type BanChange, readBanChange } from "../../src/moderation/ban.ts";
import { laterMs, useBench } from "../workbench.ts";

const bench = useBench(256, true);
beforeEach(async () => {
  await bench.redis.del(keys.bans(), keys.banEnds(), keys.banMeta(), keys.audit());
});

const banOf = (id: string, more: Partial<Ban> = {}): Ban => ({
  id,
  effect: "ban",
  kind: "user",
  whom: id,
  subject: `user:${id}`,
  reason: "spam",
  by: "max",
  at: 1,
  ...more,
});
const ids = async () => (await bench.store.moderation.load()).bans.map(({ id }) => id).sort();
const bansIn = (entries: readonly AuditEntry[]) =>
  entries.flatMap((entry) => ("ban" in entry ? [{ action: entry.action, id: entry.ban.id }] : []));
const logged = async () => bansIn(await bench.store.moderation.audit(10)).map(({ action, id }) => `${action} ${id}`);

/** The changes that are published while something is done. */
async function changes(act: () => Promise<unknown>): Promise<BanChange[]> {
  const listener = bench.redis.duplicate();
  const received: BanChange[] = [];
  listener.on("smessage", (_: string, text: string) => received.push(readBanChange(text)));
  await listener.ssubscribe(keys.banChanges());
  await act();
  await listener.ping(); // answered after what was published before it
  listener.disconnect();
  return received;
}

test("B1: a ban, its entry in the log and its revision are one step, and are published; the same again changes nothing", async () => {
  const { moderation } = bench.store;
  const ban = banOf("a", { dialect: "random", until: 9e12 });
  const published = await changes(async () => {
    const first = await moderation.put(ban);
    const again = await moderation.put(ban);
    expect([first.before, again.before, again.revision]).toEqual(["0", first.revision, first.revision]);
  });
  const { revision, bans } = await moderation.load();
  expect(bans).toEqual([ban]);
  expect(published).toEqual([{ before: "0", revision, put: ban, dropped: [] }]);
  expect(await moderation.audit(10)).toMatchObject([{ action: "ban", by: "max", ban }]);
});

test("B1: another ban with its id takes its place, and its end", async () => {
  const { moderation } = bench.store;
  await moderation.put(banOf("a", { until: 5 }));
  await moderation.put(banOf("a", { reason: "worse" }));
  expect((await moderation.load()).bans).toEqual([banOf("a", { reason: "worse" })]);
  expect(await moderation.expire(10)).toBe(0);
  expect(await logged()).toEqual(["ban a", "ban a"]);
});

test("B2: of several who lift a ban one does; where there is none nothing changes", async () => {
  const { stores } = bench;
  const ban = banOf("a", { until: 9e12 });
  await bench.store.moderation.put(ban);
  const answers: (Ban | undefined)[] = [];
  const published = await changes(async () => {
    const lifting = stores.map(({ moderation }, i) => moderation.lift("a", `operator ${i}`, "a mistake"));
    answers.push(...(await Promise.all(lifting)).map(({ lifted }) => lifted));
  });
  expect(answers.filter((lifted) => lifted !== undefined)).toEqual([ban]);
  expect(published).toMatchObject([{ dropped: ["a"] }]);
  expect(await bench.store.moderation.audit(10)).toMatchObject([{ action: "unban", reason: "a mistake", ban }, {}]);
  const { before, revision } = await bench.store.moderation.lift("a", "max");
  expect(before).toBe(revision);
  expect([await ids(), await bench.redis.zcard(keys.banEnds()), await logged()]).toEqual([[], 0, ["unban a", "ban a"]]);
});

test("B3: a ban goes after its end and not before; one that was put in force anew has its new end", async () => {
  const { moderation, clock } = bench.store;
  for (const id of ["a", "b", "c"]) await moderation.put(banOf(id, { until: clock.now() }));
  await moderation.put(banOf("later", { until: clock.now() + 1e6 }));
  await moderation.put(banOf("ever"));
  await moderation.put(banOf("b", { until: clock.now() + 1e6 }));
  await laterMs(bench.store);
  const published = await changes(async () => {
    expect(await moderation.expire(1)).toBe(1);
    expect(await moderation.expire(10)).toBe(1);
    expect(await moderation.expire(10)).toBe(0);
  });
  expect(await ids()).toEqual(["b", "ever", "later"]);
  expect(published.flatMap(({ dropped }) => dropped).sort()).toEqual(["a", "c"]);
  expect(await logged()).not.toContain("unban a"); // no operator did that
});

test("B4: revisions grow, one behind the other, also where Redis has lost the last ones", async () => {
  const { moderation } = bench.store;
  const first = await moderation.put(banOf("a"));
  const second = await moderation.put(banOf("b"));
  expect(second.before).toBe(first.revision);
  expect(Number(second.revision)).toBeGreaterThan(Number(first.revision));
  await bench.redis.del(keys.banMeta());
  await until("the last revision to be past", () => bench.store.clock.now() > Number(second.revision));
  const third = await moderation.put(banOf("c"));
  expect(Number(third.revision)).toBeGreaterThan(Number(second.revision));
});

test("B5: the log is read from its end, page by page, and what is too old is forgotten", async () => {
  const { moderation, clock } = bench.store;
  for (const id of ["a", "b", "c"]) await moderation.put(banOf(id));
  const [last] = await moderation.audit(1);
  expect(bansIn(await moderation.audit(2, last?.id)).map(({ id }) => id)).toEqual(["b", "a"]);
  await expect(moderation.audit(1, "x")).rejects.toThrow(RangeError);
  expect(await moderation.audit(1, "0-0")).toEqual([]);
  await moderation.trimAudit(1e6);
  expect(await logged()).toHaveLength(3);
  const now = clock.now();
  await until("the entries to be past", () => clock.now() > now + 1);
  await moderation.trimAudit(0);
  expect(await logged()).toEqual([]);
});
