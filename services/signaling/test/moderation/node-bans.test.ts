import { createLogger } from "@switchyard/runtime";
import { type Ban, type Channels, keys, type Listener } from "@switchyard/store";
import { openTestStore, startRedis, type TestRedis, type TestStore, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { NodeBans } from "../../src/moderation/node-bans.ts";

let server: TestRedis;
let opened: TestStore;
beforeAll(async () => {
  server = await startRedis();
  opened = await openTestStore(server.url);
  return async () => {
    await opened.close();
    await server.stop();
  };
});
beforeEach(async () => {
  await opened.redis.del(keys.bans(), keys.banEnds(), keys.banMeta(), keys.audit());
});

const banOf = (user: string): Ban => ({
  id: user,
  effect: "ban",
  kind: "user",
  whom: user,
  subject: `user:${user}`,
  reason: "Spam",
  by: "max",
  at: 1,
});
const put = (user: string) => opened.store.moderation.put(banOf(user));

/** A node's bans, and what its channel would bring: nothing arrives unless the test says so. */
async function openBans() {
  let listener: Listener = () => {};
  const channels = {
    listen: async (_: string, heard: Listener) => {
      listener = heard;
    },
  } as unknown as Channels;
  const bans = new NodeBans(opened.store, createLogger("silent", {}));
  const fresh: string[] = [];
  bans.onFresh = (found) => fresh.push(...found.map(({ id }) => id));
  await bans.begin(channels);
  onTestFinished(() => bans.stop());
  const knows = (user: string) => bans.find({ dialect: "random", users: [user], network: undefined }) !== undefined;
  const tell = (message: readonly unknown[]) => listener(JSON.stringify(message), keys.banChanges());
  return { bans, fresh, knows, tell };
}

test("bans that were there before the node are known from its start", async () => {
  await put("ann");
  const { knows, fresh } = await openBans();
  expect([knows("ann"), knows("bob"), fresh]).toEqual([true, false, ["ann"]]);
});

test("a change that arrives counts at once, without a look at Redis", async () => {
  const { knows, fresh, tell } = await openBans();
  tell(["0", "7", "put", JSON.stringify(banOf("ann"))]);
  expect([knows("ann"), fresh]).toEqual([true, ["ann"]]);
  tell(["7", "8", "drop", "ann"]);
  expect(knows("ann")).toBe(false);
});

test("a message that is lost, or two, are made up for by the next one", async () => {
  const { knows, fresh, tell } = await openBans();
  await put("ann");
  await put("bob");
  const { before, revision } = await put("eve");
  tell([before, revision, "put", JSON.stringify(banOf("eve"))]);
  await until("all to be known", () => ["ann", "bob", "eve"].every(knows));
  expect(fresh.toSorted()).toEqual(["ann", "bob", "eve"]);
});

test("where no message comes the node finds out by itself", async () => {
  const { knows } = await openBans();
  await put("ann");
  await until("it to be known", () => knows("ann"));
  await opened.store.moderation.lift("ann", "max");
  await until("it to be known no longer", () => !knows("ann"));
});

test("a message that is late changes nothing", async () => {
  const { knows, tell } = await openBans();
  const { before, revision } = await put("ann");
  await until("it to be known", () => knows("ann"));
  await opened.store.moderation.lift("ann", "max");
  await until("it to be known no longer", () => !knows("ann"));
  tell([before, revision, "put", JSON.stringify(banOf("ann"))]);
  expect(knows("ann")).toBe(false);
});
