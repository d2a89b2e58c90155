import { randomUUID } from "node:crypto";
import { keys } from "@switchyard/store";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

const DAY_MS = 86_400_000;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, environment: { REPORT_RETENTION_DAYS: 2 } });
  return cluster.stop;
});

test("the sweep removes reports that are older than REPORT_RETENTION_DAYS", async () => {
  const { reports, clock } = cluster.store;
  const rules = { perDay: 10, kept: 10, retentionMs: 2 * DAY_MS };
  for (const id of ["older", "newer"]) {
    const report = { id, at: 1, dialect: "rooms", room: "rooms:standup", category: "spam" } as const;
    const users = { reporter: { session: "s1", user: "ann" }, reported: { user: "bob" } };
    await reports.keep({ ...report, ...users }, [], undefined, rules);
  }
  await cluster.redis.zadd(keys.reportTimes(), clock.now() - DAY_MS, "newer");
  await cluster.redis.zadd(keys.reportTimes(), clock.now() - 3 * DAY_MS, "older");
  await until("the older one to be gone", async () => (await reports.find("older")) === undefined);
  expect((await reports.list("open", 10)).map(({ id }) => id)).toEqual(["newer"]);
  expect((await cluster.redis.hkeys(keys.reports())).toSorted()).toEqual(["newer", "newer messages"]);
});

test("a process that died amid the removal of a message: the sweep finishes it; one that is done is done once more, and forgotten, when the time for late messages is over", async () => {
  const { clock, rooms, removals } = cluster.store;
  const [room, session] = [randomUUID(), randomUUID()];
  await rooms.decide(room, "open", "random", new Map([[session, { user: "bob" }]]));
  const sender = { session, epoch: 1 };
  const post = async (text: string) => {
    const { id = "", at = 0 } = (await rooms.postMessage(room, sender, { user: "bob", text })) ?? {};
    return { id, at, session, user: "bob", name: undefined, text };
  };
  const removalOf = async (text: string, ago: number) => {
    const message = await post(text);
    const why = { by: "max", reason: "Insults", at: clock.now() - ago };
    return { dialect: "random", room, message, ...why } as const;
  };
  const begin = async (text: string, ago: number) => {
    const removal = await removalOf(text, ago);
    await removals.begin(removal);
    return removal.message.id;
  };
  await post("first");
  const [ending, settled] = [await begin("overdue", 10_000), await begin("settled", 70_000)];
  const late = await removalOf("late", 70_000); // by a node that stood still while it was removed
  await removals.done(late);
  await begin("under way", 0);
  await until("one to be done, two to be forgotten", async () => {
    const noted = (await removals.noted()).map(({ message, isDone }) => [message.text, isDone]).toSorted();
    return (
      JSON.stringify(noted) ===
      JSON.stringify([
        ["overdue", true],
        ["under way", undefined],
      ])
    );
  });
  for (const id of [ending, settled, late.message.id]) expect(await rooms.message(room, id)).toBeUndefined();
  expect((await rooms.recentMessages(room, 10)).map(({ text }) => text)).toEqual(["first", "under way"]);
  await rooms.close(room);
  await rooms.remove(room);
});
