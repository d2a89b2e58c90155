import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { laterMs, newId, stopTime, useBench } from "../workbench.ts";

const bench = useBench();
const newName = () => `Ann.${newId().slice(0, 8)}`;

/** A registered account, and the id of its tokens. */
async function registered(): Promise<{ name: string; tokens: string }> {
  const name = newName();
  const tokens = await bench.store.accounts.register(name, "hash");
  if (tokens === undefined) throw new Error("taken");
  return { name, tokens };
}

test("C1: of several who want a name at once one gets it, and keeps it with the password that was given", async () => {
  const name = newName();
  const attempts = bench.stores.map((store, i) => store.accounts.register(name, `hash-${i}`));
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  const account = await bench.store.accounts.find(name);
  const winner = outcomes.findIndex(Boolean);
  expect(account).toEqual({
    username: name,
    password: `hash-${winner}`,
    created: expect.any(Number),
    tokens: outcomes[winner],
    voided: [],
    removing: undefined,
  });
  expect(Math.abs((account?.created ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await bench.store.accounts.register(name, "later")).toBeUndefined();
  expect(await bench.store.accounts.find(name)).toEqual(account);
});

test("C2: the case of letters makes no difference, and the name is told as it was registered", async () => {
  const name = newName();
  const { accounts } = bench.store;
  expect(await accounts.exists(name)).toBe(false);
  expect(await accounts.find(name)).toBeUndefined();
  await accounts.register(name, "hash");
  for (const form of [name, name.toUpperCase(), name.toLowerCase()]) {
    expect(await accounts.register(form, "other")).toBeUndefined();
    expect(await accounts.exists(form)).toBe(true);
    expect(await accounts.find(form)).toMatchObject({ username: name, password: "hash" });
  }
});

test("C3: no name reaches into another key, and an account stays", async () => {
  const name = `{x}:${newName()} ü`;
  await bench.store.accounts.register(name, "hash");
  expect(keys.account(name)).toBe(`sy:{account:${encodeURIComponent(name.toLowerCase())}}`);
  for (const key of [keys.account(name), keys.accountState(name)]) expect(await bench.redis.pttl(key)).toBe(-1);
  expect(await bench.store.accounts.find(name)).toMatchObject({ username: name });
});

test("C4: nodes that have no secret agree on one, which stays", async () => {
  const secrets = await Promise.all(bench.stores.map((store) => store.secrets.agreed("jwt")));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  expect(await bench.store.secrets.agreed("jwt")).toBe(secrets[0]);
  expect(await bench.redis.pttl(keys.secret("jwt"))).toBe(-1);
});

test("C5: another password and a removal make tokens void at once, and no id comes back", async () => {
  const { accounts } = bench.store;
  const { name, tokens } = await registered();
  const seen = [tokens];
  const current = async () => {
    const found = (await accounts.tokensOf(name.toUpperCase())) ?? "";
    expect(seen).not.toContain(found);
    seen.push(found);
    return found;
  };
  expect(await accounts.tokensOf(name)).toBe(tokens);
  expect(await accounts.changePassword(name, "hash", "other")).toBe(await current());
  expect(await accounts.voidTokens(name)).toBe(true);
  await current();
  expect(await accounts.voidTokens(name, "erase")).toBe(true);
  await current();
  await accounts.remove(name, seen.at(-1) ?? "");
  expect(await accounts.tokensOf(name)).toBeUndefined();
  expect(await accounts.voidTokens(name)).toBe(false);
  await accounts.register(name, "hash");
  await current();
});

test("C5: an account that an older version registered has an id from its first login on", async () => {
  const name = newName();
  const { accounts } = bench.store;
  expect(await accounts.ensureState(name)).toBeUndefined();
  await bench.redis.hset(keys.account(name), { username: name, password: "hash", created: 5 });
  expect(await accounts.find(name)).toMatchObject({ username: name, created: 5, tokens: "" });
  const ids = await Promise.all(bench.stores.map((store) => store.accounts.ensureState(name)));
  expect(new Set(ids)).toEqual(new Set([await accounts.tokensOf(name)]));
  expect(await accounts.find(name)).toMatchObject({ created: 5, tokens: ids[0] });
});

test("C5: an account that is read while its password changes has no new id with the old password", async () => {
  const { accounts } = bench.store;
  const { name } = await registered();
  const state = accounts.state.bind(accounts);
  accounts.state = (asked) => accounts.setPassword(name, "new").then(() => state(asked));
  const { password, tokens } = (await accounts.find(name)) ?? {};
  accounts.state = state;
  expect([password, tokens]).not.toEqual(["hash", await accounts.tokensOf(name)]);
});

test("C6: an operator sets a password without knowing the one before, and not during a removal", async () => {
  const { accounts } = bench.store;
  const { name, tokens } = await registered();
  expect(await accounts.setPassword(name, "set")).toBe(true);
  expect(await accounts.find(name)).toMatchObject({ password: "set", voided: [tokens] });
  expect(await accounts.setPassword(newName(), "set")).toBe(false);
  await accounts.voidTokens(name, "erase");
  expect(await accounts.setPassword(name, "late")).toBe(false);
});

test("C6: of several who change a password that they checked one does, and none does during a removal", async () => {
  const { accounts } = bench.store;
  const { name } = await registered();
  const outcomes = await Promise.all(
    bench.stores.map((store, i) => store.accounts.changePassword(name, "hash", `hash-${i}`)),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  const password = `hash-${outcomes.findIndex(Boolean)}`;
  expect(await accounts.find(name)).toMatchObject({ password });
  await accounts.voidTokens(name, "erase");
  expect(await accounts.changePassword(name, password, "late")).toBeUndefined();
  expect(await accounts.find(name)).toMatchObject({ password });
});

test("C7: an id that became void is noted until nodes were notified, who read what they missed", async () => {
  const { accounts, accountIndex } = bench.store;
  const { name, tokens } = await registered();
  const before = await accountIndex.lastVoid();
  const second = await accounts.changePassword(name, "hash", "other");
  await accounts.voidTokens(name);
  const voided = (await accounts.state(name))?.voided ?? [];
  expect(voided.toSorted()).toEqual([tokens, second].toSorted());
  await accountIndex.announceVoids(voided);
  await accounts.announced(name, voided);
  expect((await accounts.state(name))?.voided).toEqual([]);
  const { ids, last } = (await bench.stores[1]?.accountIndex.voidsAfter(before, 1000)) ?? { ids: [], last: "" };
  expect(ids).toEqual(expect.arrayContaining([...voided]));
  expect((await accountIndex.voidsAfter(last, 10)).last).toMatch(/^\d+-\d+$/);
  expect(await bench.redis.pttl(keys.accountVoids())).toBeGreaterThan(0);
});

test("C8: what was begun and not settled is found after a while, each by itself", async () => {
  const { accounts } = bench.store;
  const name = `${newName()} {x}`;
  const found = async () => (await accounts.unfinished(1000)).filter((intent) => intent.name === name.toLowerCase());
  const pass = stopTime();
  const [first, second] = [await accounts.begin(name), await accounts.begin(name)];
  expect(await found()).toEqual([]);
  pass(60_000);
  expect(await found()).toEqual(expect.arrayContaining([first, second]));
  await accounts.settle(first);
  expect(await found()).toEqual([second]);
  await accounts.settle(second);
  expect(await found()).toEqual([]);
});

test("C9: during a removal the name stays taken, and the first decision about its messages stands", async () => {
  const { accounts } = bench.store;
  const { name } = await registered();
  await accounts.voidTokens(name, "anonymise");
  await accounts.voidTokens(name, "erase");
  expect(await accounts.find(name)).toMatchObject({ removing: "anonymise" });
  expect(await accounts.register(name.toUpperCase(), "hash")).toBeUndefined();
  expect(await accounts.exists(name)).toBe(true);
  const tokens = (await accounts.tokensOf(name)) ?? "";
  expect(await accounts.remove(name, tokens)).toBe(true);
  expect(await accounts.remove(name, tokens)).toBe(false);
  expect(await bench.redis.exists(keys.account(name), keys.accountState(name))).toBe(0);
  expect(await accounts.register(name.toUpperCase(), "hash")).toBeDefined();
  expect(await accounts.remove(name, tokens)).toBe(false); // a process that is late
  await accounts.voidTokens(name, "erase");
  expect(await accounts.remove(name, tokens)).toBe(false);
  expect(await accounts.find(name)).toMatchObject({ username: name.toUpperCase(), password: "hash" });
});

test("the list of accounts is read page by page, the latest first", async () => {
  const { accountIndex } = bench.store;
  const names = [newName(), newName(), newName()];
  for (const username of names) {
    await accountIndex.add({ username, created: bench.store.clock.now() });
    await laterMs(bench.store);
  }
  const [last, , first] = names.toReversed();
  const page = await accountIndex.page(1000, 0);
  const listed = page.map(({ username }) => username).filter((username) => names.includes(username));
  expect(listed).toEqual(names.toReversed());
  const at = page.findIndex(({ username }) => username === last);
  expect((await accountIndex.page(1, at + 2)).map(({ username }) => username)).toEqual([first]);
  const size = await accountIndex.size();
  for (const username of names) await accountIndex.remove(username);
  expect(await accountIndex.size()).toBeLessThan(size);
});
