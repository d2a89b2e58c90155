import { readFileSync } from "node:fs";
import { packageVersion } from "@switchyard/runtime";
import { expect, test } from "vitest";

test("a module's version is its package's", () => {
  const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(packageVersion(import.meta.url)).toBe(own.version);
  expect(own.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(() => packageVersion("file:///nowhere/src/module.ts")).toThrow("ENOENT");
});
