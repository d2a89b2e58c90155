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
