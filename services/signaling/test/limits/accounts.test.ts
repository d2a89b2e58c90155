import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { beforeAll, expect, inject, test } from "vitest";
import { AccountLimits } from "../../src/limits/account-limits.ts";
import { TooManyRequestsError } from "../../src/limits/allowance.ts";
import { leftOf, withinWindow } from "./waiting.ts";

/** No test takes that long. */
const HOUR_S = 3600;

let connections: Redis[];
let nodes: [AccountLimits, AccountLimits];
/** The same with a block whose end is waited for. */
let brief: [AccountLimits, AccountLimits];
beforeAll(() => {
  connections = [0, 1].map(() => new Redis(inject("redisUrl")));
  nodes = connections.map((redis) => limitsOn(redis, 600)) as [AccountLimits, AccountLimits];
  brief = connections.map((redis) => limitsOn(redis, 1)) as [AccountLimits, AccountLimits];
  return () => {
    for (const redis of connections) redis.disconnect();
  };
});

const limitsOn = (redis: Redis, blockDuration: number) =>
  new AccountLimits(redis, {
    register: { points: 3, duration: HOUR_S },
    login: { points: 20, duration: HOUR_S },
    tries: 5,
    blockDuration,
  });
const anAddress = () => `address-${randomUUID()}`;
const aName = () => `Name-${randomUUID()}`;
/** 0 if it may be tried; else after how many ms. */
const asked = (attempt: Promise<unknown>): Promise<number> =>
  attempt.then(
    () => 0,
    (error) => {
      if (error instanceof TooManyRequestsError) return error.retryAfterMs;
      throw error;
    },
  );
const tryLogin = (name: string, node = nodes[0], address = anAddress()) => asked(node.beforeLogin(address, name));

test("registering: so many from an address, and with a name, at whatever node", async () => {
  const from = performance.now();
  const address = anAddress();
  const name = aName();
  for (let i = 0; i < 3; i += 1) {
    expect(await asked((nodes[i % 2] ?? nodes[0]).beforeRegistering(address, aName()))).toBe(0);
    expect(await asked((nodes[i % 2] ?? nodes[0]).beforeRegistering(anAddress(), name))).toBe(0);
  }
  for (const node of nodes) {
    for (const asking of [
      () => node.beforeRegistering(address, aName()),
      () => node.beforeRegistering(anAddress(), name.toUpperCase()),
    ]) {
      expect(await asked(asking())).toBeGreaterThan(leftOf(HOUR_S * 1000, from));
    }
    expect(await asked(node.beforeRegistering(anAddress(), aName()))).toBe(0);
  }
});

test("logging in: so many from an address, whatever the names, also when all are right", async () => {
  const from = performance.now();
  const address = anAddress();
  for (let i = 0; i < 20; i += 1) {
    const name = aName();
    const forgive = await (nodes[i % 2] ?? nodes[0]).beforeLogin(address, name);
    await forgive();
  }
  for (const node of nodes) {
    expect(await tryLogin(aName(), node, address)).toBeGreaterThan(leftOf(HOUR_S * 1000, from));
  }
});

test("guessing a password: five tries, then one after each block, which is twice as long each time", async () => {
  await withinWindow(1000, async (waitFor) => {
    const name = aName();
    for (let i = 0; i < 5; i += 1) expect(await tryLogin(name, brief[i % 2])).toBe(0);
    const waits = await Promise.all(brief.map((node) => tryLogin(name.toLowerCase(), node)));
    for (const waitMs of waits) {
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(1000);
    }
    await waitFor(Math.max(...waits));
    expect(await tryLogin(name, brief[1])).toBe(0);
    expect(await tryLogin(name, brief[0])).toBeGreaterThan(1000);
    expect(await tryLogin(aName(), brief[0])).toBe(0);
  });
});

test("many guesses at once are no more than one after another", async () => {
  const name = aName();
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => tryLogin(name, nodes[i % 2])));
  expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(5);
});

test("who gets in is forgiven", async () => {
  const name = aName();
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 4; i += 1) expect(await tryLogin(name)).toBe(0);
    const forgive = await nodes[1].beforeLogin(anAddress(), name);
    await forgive();
  }
});

test("guesses of others don't keep out a device that is known, and its logins give them none", async () => {
  const name = aName();
  const device = randomUUID();
  for (let i = 0; i < 5; i += 1) expect(await tryLogin(name)).toBe(0);
  expect(await tryLogin(name)).toBeGreaterThan(0);
  for (let i = 0; i < 8; i += 1) {
    const forgive = await (nodes[i % 2] ?? nodes[0]).beforeLogin(anAddress(), name, device);
    await forgive();
  }
  expect(await tryLogin(name)).toBeGreaterThan(0);
});

test("a device that guesses has five tries, too, and then counts as any other", async () => {
  const name = aName();
  const device = randomUUID();
  const tryFrom = () => asked(nodes[0].beforeLogin(anAddress(), name, device));
  for (let i = 0; i < 10; i += 1) expect(await tryFrom()).toBe(0); // its own five, and the name's five
  expect(await tryFrom()).toBeGreaterThan(0);
  expect(await tryLogin(name)).toBeGreaterThan(0);
});

test("whatever is sent for a name counts as one", async () => {
  const prefix = randomUUID();
  for (const odd of ["\ud800", "}", ":", "x".repeat(60_000), "\u0000", "İ", ""]) {
    for (let i = 0; i < 5; i += 1) expect(await tryLogin(prefix + odd)).toBe(0);
    expect(await tryLogin(prefix + odd)).toBeGreaterThan(0);
  }
});

test("everything that is counted is forgotten some day", async () => {
  const redis = connections[0] as Redis;
  const counted = (await redis.keys("sy:{limit:*")).filter((key) => /(name|address)-/i.test(key));
  expect(counted.length).toBeGreaterThan(10);
  for (const key of counted) expect(await redis.pttl(key), key).not.toBe(-1);
});
