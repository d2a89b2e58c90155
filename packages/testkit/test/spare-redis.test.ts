import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { type BorrowedRedis, borrowRedis } from "../src/redis/spare-redis.ts";

/** A connection that the test closes at the latest. */
function open({ server }: BorrowedRedis): Redis {
  const redis = new Redis(server.url, { retryStrategy: () => null });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function borrow(): Promise<BorrowedRedis> {
  const borrowed = await borrowRedis();
  onTestFinished(borrowed.server.stop);
  return borrowed;
}

async function borrowAfter(use: (redis: Redis, borrowed: BorrowedRedis) => Promise<unknown>) {
  const first = await borrow();
  await use(open(first), first);
  await first.giveBack();
  const second = await borrow();
  return { isSame: second.server === first.server, redis: open(second) };
}

test("a Redis that is given back serves the next cluster, with nothing of the last one in it", async () => {
  const { isSame, redis } = await borrowAfter(async (before) => {
    await before.set("a key", "x");
    await expect(before.call("AUTH", "signaling", "wrong")).rejects.toThrow("WRONGPASS");
    before.disconnect();
  });
  expect(isSame).toBe(true);
  expect(await redis.dbsize()).toBe(0);
  expect(await redis.call("ACL", "LOG")).toEqual([]);
  expect(await redis.info("errorstats")).not.toContain("WRONGPASS");
});

test("while one is borrowed, the next cluster gets another", async () => {
  const [one, two] = [await borrow(), await borrow()];
  expect(one.server.port).not.toBe(two.server.port);
});

test.each<[string, (redis: Redis, borrowed: BorrowedRedis) => Promise<unknown>]>([
  ["a client of which is still connected", (redis) => redis.ping()],
  [
    "a setting of which was changed",
    (redis) => redis.config("SET", "maxmemory", "50mb").then(() => redis.disconnect()),
  ],
  ["a user of which was changed", (redis) => redis.call("ACL", "SETUSER", "more", "on").then(() => redis.disconnect())],
  ["that was stopped", (_, { server }) => server.stop()],
])("one %s is used no more", async (_, change) => {
  const { isSame, redis } = await borrowAfter(change);
  expect(isSame).toBe(false);
  expect(await redis.ping()).toBe("PONG");
});
