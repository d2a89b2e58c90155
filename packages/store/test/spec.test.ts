import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { openTestStore } from "@switchyard/testkit";
import { expect, inject, test } from "vitest";

const store = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, store), "utf8");
/** Each rule: its number, and what stands behind its arrow. */
const rules = [...read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\* ((?:.|\n {2})*)/gm)].map(([, rule, text = ""]) => ({
  rule,
  by: [...(text.split("→")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
}));
const scripts = globSync("*/*.lua", { cwd: new URL("lua/", store) }).map((file) => file.replace(/\.lua$/, ""));

test("every rule has a test with its number, and no test names a rule that there is not", () => {
  const tests = readdirSync(new URL("test/", store), { encoding: "utf8", recursive: true }).filter((file) =>
    file.endsWith(".test.ts"),
  );
  const named = tests.flatMap((file) =>
    [...read(`test/${file}`).matchAll(/test\(\s*"([A-Z]\d+):/g)].map(([, rule]) => rule),
  );
  expect([...new Set(named)].sort()).toEqual(rules.map(({ rule }) => rule).sort());
});

test("every rule names the scripts or sources that implement it, and every script implements a rule", () => {
  const isThere = (name: string) =>
    scripts.includes(name) ||
    (name.includes("/") ? existsSync(new URL(name, store)) : read("lua/prelude.lua").includes(`function ${name}(`));
  expect(rules.filter(({ by }) => by.length === 0 || !by.every(isThere))).toEqual([]);
  expect(scripts.filter((script) => !rules.some(({ by }) => by.includes(script)))).toEqual([]);
});

test("the tests' Redis refuses a script that reaches into another slot", async () => {
  const { redis, close } = await openTestStore(inject("redisUrl"));
  const reaching = redis.eval("#!lua\nreturn redis.call('GET', 'sy:{b}')", 1, "sy:{a}");
  await expect(reaching).rejects.toThrow(/slot/i);
  await close();
});
