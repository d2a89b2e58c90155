import { readdirSync, readFileSync } from "node:fs";
import { openTestStore } from "@switchyard/testkit";
import { expect, inject, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("every rule has a test with its number, and no test names a rule that there is not", () => {
  const rules = [...read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, rule]) => rule);
  const tests = readdirSync(new URL("./", import.meta.url)).filter((file) => file.endsWith(".test.ts"));
  const named = tests.flatMap((file) =>
    [...read(`test/${file}`).matchAll(/test\(\s*"([A-Z]\d+):/g)].map(([, rule]) => rule),
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(rules)].sort());
});

test("the tests' Redis refuses a script that reaches into another slot", async () => {
  const { redis, close } = await openTestStore(inject("redisUrl"));
  const reaching = redis.eval("#!lua\nreturn redis.call('GET', 'sy:{b}')", 1, "sy:{a}");
  await expect(reaching).rejects.toThrow(/slot/i);
  await close();
});
