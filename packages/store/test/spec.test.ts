import { globSync, readdirSync, readFileSync } from "node:fs";
import { openTestStore } from "@switchyard/testkit";
import { expect, inject, test } from "vitest";
import { refusals } from "../src/refusal.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const scripts = globSync("*/*.lua", { cwd: new URL("../lua/", import.meta.url) });

test("every rule has a test with its number, and no test names a rule that there is not", () => {
  const rules = [...read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, rule]) => rule);
  const tests = readdirSync(new URL("./", import.meta.url)).filter((file) => file.endsWith(".test.ts"));
  const named = tests.flatMap((file) =>
    [...read(`test/${file}`).matchAll(/test\(\s*"([A-Z]\d+):/g)].map(([, rule]) => rule),
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(rules)].sort());
});

test("every negative answer that a script gives has a name", () => {
  const known = new Set<number>(Object.values(refusals));
  const unknown = scripts.flatMap((file) =>
    [...read(`lua/${file}`).matchAll(/return (-\d+)/g)].filter(([, code]) => !known.has(Number(code))).map(() => file),
  );
  expect(unknown).toEqual([]);
});

test("every script is short, begins as one, and uses as many keys as its name says", () => {
  for (const file of scripts) {
    const source = read(`lua/${file}`);
    const used = [...source.matchAll(/KEYS\[(\d+)\]/g)].map(([, index]) => Number(index));
    expect(source.startsWith("#!lua\n"), file).toBe(true);
    expect(source.split("\n").length, file).toBeLessThanOrEqual(61);
    expect(Math.max(...used), file).toBe(Number(/-(\d+)\.lua$/.exec(file)?.[1]));
  }
});

test("the tests' Redis refuses a script that reaches into another slot", async () => {
  const { redis, close } = await openTestStore(inject("redisUrl"));
  const reaching = redis.eval("#!lua\nreturn redis.call('GET', 'sy:{b}')", 1, "sy:{a}");
  await expect(reaching).rejects.toThrow(/slot/i);
  await close();
});
