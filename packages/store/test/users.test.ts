import { expect, test } from "vitest";
import { keys } from "../src/keys.ts";
import { newId, useBench } from "./workbench.ts";

const bench = useBench();

test("U1: the newest session stands for a user, and the others are named until evicted", async () => {
  const user = newId();
  const { users } = bench.store;
  expect(await users.claim("random", user, "s1")).toEqual([]);
  await Promise.all(bench.stores.map((store, i) => store.users.claim("random", user, `n${i}`)));
  const holder = await users.holder("random", user);
  const named = await users.claim("random", user, holder ?? "");
  expect([...named, holder].sort()).toEqual(["n0", "n1", "n2", "s1"]);
  for (const session of named) await users.evicted("random", user, session);
  expect(await users.claim("random", user, holder ?? "")).toEqual([]);
  expect(await users.claim("random", user, "s1")).toEqual([holder]);
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
    await users.met("random", user, `partner-${i}`);
    await new Promise((resume) => setTimeout(resume, 2)); // a later ms
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
