import { type AuditEntry, type Ban, keys } from "@switchyard/store";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

const DAY_MS = 86_400_000;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, environment: { AUDIT_RETENTION_DAYS: 2 } });
  return cluster.stop;
});

const banOf = (user: string, until?: number): Ban => ({
  id: user,
  effect: "ban",
  kind: "user",
  whom: user,
  subject: `user:${user}`,
  ...(until === undefined ? {} : { until }),
  reason: "Spam",
  by: "max",
  at: 1,
});
const bannedIn = (queue: string) => cluster.redis.hgetall(keys.queueBanned(queue));
const queuesBan = (user: string, isBanned: boolean) =>
  until(`every queue ${isBanned ? "to ban" : "to let in"} ${user}`, async () => {
    const fields = await Promise.all(["chat", "video"].map(bannedIn));
    return fields.every((banned) => `everywhere:user:${user}` in banned === isBanned);
  });

test("the sweep finishes what a process began that died right after it banned, or lifted a ban", async () => {
  const { moderation } = cluster.store;
  await moderation.put(banOf("ann"));
  await queuesBan("ann", true);
  await moderation.lift("ann", "max");
  await queuesBan("ann", false);
});

test("the sweep removes bans that are over, from the queues too, and no operator is named for it", async () => {
  const { moderation, clock } = cluster.store;
  await moderation.put(banOf("bob", clock.now() + 1));
  await moderation.put(banOf("eve", clock.now() + DAY_MS));
  await until("the ban to be gone", async () => (await moderation.load()).bans.every(({ id }) => id !== "bob"));
  await queuesBan("eve", true);
  await queuesBan("bob", false);
  expect((await moderation.load()).bans.map(({ id }) => id)).toEqual(["eve"]);
  const ofBob = (entry: AuditEntry) => "ban" in entry && entry.ban.id === "bob";
  expect((await moderation.audit(10)).filter(ofBob).map(({ action }) => action)).toEqual(["ban"]);
});

test("the sweep forgets actions that are older than AUDIT_RETENTION_DAYS", async () => {
  const { moderation, clock } = cluster.store;
  await cluster.redis.del(keys.audit());
  for (const days of [3, 1]) {
    const at = `${clock.now() - days * DAY_MS}-0`;
    await cluster.redis.xadd(
      keys.audit(),
      at,
      "action",
      "ban",
      "by",
      "max",
      "ban",
      JSON.stringify(banOf(`of-${days}`)),
    );
  }
  await until("the older one to be forgotten", async () => (await moderation.audit(10)).length < 2);
  expect(await moderation.audit(10)).toMatchObject([{ ban: { id: "of-1" } }]);
});
