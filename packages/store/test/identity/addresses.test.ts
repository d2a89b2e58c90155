import { randomUUID } from "node:crypto";
import { openTestStore, type TestStore, until } from "@switchyard/testkit";
import { beforeAll, expect, inject, test } from "vitest";
import { keys } from "../../src/keys.ts";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore(inject("redisUrl"));
  return opened.close;
});

const LONG_MS = 60_000;

test("an address has what all nodes have told, each its last word", async () => {
  const { addresses } = opened.store;
  const address = `2001:db8::${randomUUID()}/64`;
  expect(await addresses.report(address, "one", 3, LONG_MS)).toBe(3);
  expect(await addresses.report(address, "two", 4, LONG_MS)).toBe(7);
  expect(await addresses.report(address, "one", 1, LONG_MS)).toBe(5);
  await addresses.withdraw(address, "one");
  expect(await addresses.report(address, "two", 4, LONG_MS)).toBe(4);
});

test("what a node does not tell again is forgotten, while others go on", async () => {
  const { store, redis } = opened;
  const address = randomUUID();
  await store.addresses.report(address, "dead", 50, 40);
  await until("it to be forgotten", async () => (await store.addresses.report(address, "alive", 2, LONG_MS)) === 2);
  expect(await redis.hkeys(keys.addressConnections(address))).toEqual(["alive"]);
});

test("an address of which nothing is told any more has no key", async () => {
  const { store, redis } = opened;
  const address = randomUUID();
  await store.addresses.report(address, "one", 1, 40);
  await until("the key to be gone", async () => (await redis.exists(keys.addressConnections(address))) === 0);
});
