import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { laterMs, newId, useBench } from "../workbench.ts";

const bench = useBench();

test("U1: the newest session stands for a user, and the others are named until evicted", async () => {
  const user = newId();
  const { users } = bench.store;
  const replaced = async (session: string) => (await users.claim("random", user, session)).replaced;
  expect(await replaced("s1")).toEqual([]);
  await Promise.all(bench.stores.map((store, i) => store.users.claim("random", user, `n${i}`)));
  const holder = await users.holder("random", user);
  const named = await replaced(holder ?? "");
  expect([...named, holder].sort()).toEqual(["n0", "n1", "n2", "s1"]);
  for (const session of named) await users.evicted("random", user, session);
  expect(await replaced(holder ?? "")).toEqual([]);
  expect(await replaced("s1")).toEqual([holder]);
});

test("U2: only the session that stands for a user gives it up", async () => {
  const user = newId();
  const { users } = bench.store;
  await users.claim("random", user, "s1");
  await users.claim("random", user, "s2");
  expect(await users.release("random", user, "s3")).toEqual([]);
  expect(await users.holder("random", user)).toBe("s2");
  expect(await users.release("random", user, "s2")).toEqual(["s1"]);
  expect(await users.holder("random", user)).toBeUndefined();
  await users.release("random", user, "s1");
  await users.evicted("random", user, "s1");
  expect(await bench.redis.exists(keys.user("random", user))).toBe(0);
});

test("U3: the last five partners for half an hour, who was blocked for good", async () => {
  const user = `{${newId()}} ü`;
  const { users } = bench.store;
  for (let i = 0; i < 8; i += 1) {
    await users.rememberPartner("random", user, `partner-${i}`);
    await laterMs(bench.store);
  }
  await users.block("random", user, "villain");
  const { recent, blocked } = await users.history("random", user);
  expect([...recent].sort()).toEqual([3, 4, 5, 6, 7].map((i) => `partner-${i}`));
  expect(blocked).toEqual(["villain"]);
  const lifetimes = [keys.userMet("random", user), keys.userBlocked("random", user)].map((key) =>
    bench.redis.pttl(key),
  );
  const [met, forGood] = await Promise.all(lifetimes);
  expect(met).toBeGreaterThan(29 * 60_000);
  expect(forGood).toBe(-1);
});

test("U5: whether two users have met in another room is remembered for half an hour; a repetition says the same", async () => {
  const [ann, bob] = [newId(), `{${newId()}}: ü`];
  const note = (one: string, other: string, room: string) =>
    Promise.all(bench.stores.map(({ users }) => users.noteMeeting("random", one, other, room)));
  expect(new Set(await note(ann, bob, "first"))).toEqual(new Set([false]));
  expect(new Set(await note(bob, ann, "second"))).toEqual(new Set([true]));
  expect(new Set(await note(ann, newId(), "third"))).toEqual(new Set([false]));
  const key = keys.userMeeting("random", ann, bob);
  expect(keys.userMeeting("random", bob, ann)).toBe(key);
  expect(await bench.redis.pttl(key)).toBeGreaterThan(29 * 60_000);
  await bench.redis.unlink(key); // as its lifetime does
  expect(await note(ann, bob, "fourth")).toContain(false);
});

test("U4: each claim has a higher number, also after the user was given up", async () => {
  const user = newId();
  const { users } = bench.store;
  const numbers: number[] = [];
  for (const session of ["s1", "s2", "s3"]) {
    numbers.push((await users.claim("match", user, session)).number);
    expect((await users.claim("match", user, session)).number).toBe(numbers.at(-1));
  }
  await users.release("match", user, "s3");
  await users.evicted("match", user, "s1");
  await users.evicted("match", user, "s2");
  expect(await bench.redis.exists(keys.user("match", user))).toBe(0);
  await laterMs(bench.store);
  numbers.push((await users.claim("match", user, "s4")).number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((one, two) => one - two));
});

test("U6: a claim lapses unless the session that stands for the user keeps it, and so does the next one", async () => {
  const user = newId();
  const { users } = bench.store;
  const lifetime = () => bench.redis.pttl(keys.user("random", user));
  const lapses = async (session: string) => (await users.claim("random", user, session)).lapses;
  expect(await lapses("s1")).toBe(true);
  expect(await lifetime()).toBeGreaterThan(0);
  await users.keep("random", user, "s2");
  expect(await lapses("s1")).toBe(true);
  await users.keep("random", user, "s1");
  expect(await lifetime()).toBe(-1);
  expect(await lapses("s1")).toBe(false);
  expect(await lapses("s2")).toBe(true);
  expect(await lifetime()).toBeGreaterThan(0);
  await users.keep("random", newId(), "s2");
  await users.keep("random", user, "s2");
  expect(await lifetime()).toBe(-1);
});

test("U7: a user blocks a hundred others at most; one more takes the place of the one that was blocked first", async () => {
  const user = newId();
  const { users } = bench.store;
  const blockedBy = async () => new Set((await users.history("random", user)).blocked);
  await bench.redis.sadd(keys.userBlocked("random", user), "of an older version");
  for (let i = 0; i < 99; i += 1) await users.block("random", user, `user-${i}`);
  expect((await blockedBy()).size).toBe(100);
  await laterMs(bench.store);
  await users.block("random", user, "user-0"); // again: it is no longer the first
  await users.block("random", user, "villain");
  expect((await blockedBy()).has("of an older version")).toBe(false);
  await laterMs(bench.store);
  await users.block("random", user, "another");
  const left = await blockedBy();
  expect(left.size).toBe(100);
  expect(["user-0", "villain", "another"].every((one) => left.has(one))).toBe(true);
  expect(left.has("user-1")).toBe(false);
  expect(await bench.redis.zcard(keys.userBlockOrder("random", user))).toBe(100);
});
