import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { newId, useBench } from "../workbench.ts";

const bench = useBench();
const newName = () => `Ann.${newId().slice(0, 8)}`;

test("C1: of several who want a name at once one gets it, and keeps it with the password that was given", async () => {
  const name = newName();
  const attempts = bench.stores.map((store, i) => store.accounts.register(name, `hash-${i}`));
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  const account = await bench.store.accounts.find(name);
  expect(account).toEqual({ username: name, password: `hash-${outcomes.indexOf(true)}`, created: expect.any(Number) });
  expect(Math.abs((account?.created ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await bench.store.accounts.register(name, "later")).toBe(false);
  expect(await bench.store.accounts.find(name)).toEqual(account);
});

test("C2: the case of letters makes no difference, and the name is told as it was registered", async () => {
  const name = newName();
  const { accounts } = bench.store;
  expect(await accounts.exists(name)).toBe(false);
  expect(await accounts.find(name)).toBeUndefined();
  await accounts.register(name, "hash");
  for (const form of [name, name.toUpperCase(), name.toLowerCase()]) {
    expect(await accounts.register(form, "other")).toBe(false);
    expect(await accounts.exists(form)).toBe(true);
    expect(await accounts.find(form)).toMatchObject({ username: name, password: "hash" });
  }
});

test("C3: no name reaches into another key, and an account stays", async () => {
  const name = `{x}:${newName()} ü`;
  await bench.store.accounts.register(name, "hash");
  expect(keys.account(name)).toBe(`sy:{account:${encodeURIComponent(name.toLowerCase())}}`);
  expect(await bench.redis.pttl(keys.account(name))).toBe(-1);
  expect(await bench.store.accounts.find(name)).toMatchObject({ username: name });
});

test("C4: nodes that have no secret agree on one, which stays", async () => {
  const secrets = await Promise.all(bench.stores.map((store) => store.secrets.agreed("jwt")));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  expect(await bench.store.secrets.agreed("jwt")).toBe(secrets[0]);
  expect(await bench.redis.pttl(keys.secret("jwt"))).toBe(-1);
});
