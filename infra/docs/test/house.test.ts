import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

const MAX_LINES = 200;
const MAX_SCRIPT_LINES = 60;

const code = [...filesLike("{packages,services,infra}/**/*.{ts,tsx,mts,mjs,lua}"), "vitest.config.ts"];
const sources = code.filter((path) => /^(packages|services)\/[\w-]+\/src\//.test(path));
const scripts = filesLike("packages/store/lua/*/*.lua");
const inStore = (path: string) => path.startsWith("packages/store/");
const linesOf = (path: string) => textOf(path).trimEnd().split("\n");

describe("the house", () => {
  test("only the store spells keys", () => {
    const spellsKeys = (path: string) => /["'`]sy:/.test(textOf(path));
    expect(sources.filter((path) => !inStore(path) && spellsKeys(path))).toEqual([]);
  });

  test("only the store runs scripts in Redis", () => {
    const runsScripts = (path: string) => /\.(eval|evalsha|fcall|script)\(|\bdefineCommand\(/i.test(textOf(path));
    expect(sources.filter((path) => !inStore(path) && runsScripts(path))).toEqual([]);
  });

  test("files are small enough to be read", () => {
    expect(code.filter((path) => linesOf(path).length > MAX_LINES)).toEqual([]);
  });

  test("files are named after what is in them", () => {
    const namesNothing = (path: string) => /^(utils?|helpers?|common|misc|shared)\./.test(basename(path));
    expect(code.filter(namesNothing)).toEqual([]);
  });

  test("whoever skips a test says why", () => {
    const saysNothing = /^\s*(?:test|it|describe)(?:\.\w+)*\.(?:skip|skipIf|runIf|todo)\b/m;
    const known = ["packages/dialects/test/contract/message-path.test.ts"]; // skipped only by whoever tests a deployment
    expect(code.filter((path) => saysNothing.test(textOf(path)))).toEqual(known);
  });

  test("nothing is left to be done later", () => {
    const leftOver = new RegExp(["TO" + "DO", "FIX" + "ME", "X" + "XX"].map((word) => `\\b${word}\\b`).join("|"));
    expect(code.filter((path) => leftOver.test(textOf(path)))).toEqual([]);
  });
});

describe.for(scripts)("%s", (path) => {
  const lines = linesOf(path);

  test("is checked for undeclared keys and is short", () => {
    expect(lines[0]).toBe("#!lua");
    expect(lines.length).toBeLessThanOrEqual(MAX_SCRIPT_LINES);
  });

  test("takes as many keys as its name and its header say", () => {
    const named = Number(/-(\d+)\.lua$/.exec(path)?.[1]);
    const described = lines.find((line) => line.startsWith("-- KEYS:"))?.match(/\b\d+ /g) ?? [];
    const used = [...textOf(path).matchAll(/KEYS\[(\d+)\]/g)].map(([, index]) => Number(index));
    expect(described.length).toBe(named);
    expect(Math.max(...used)).toBe(named);
  });
});

function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
