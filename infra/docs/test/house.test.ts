import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

const MAX_LINES = 200;
const MIN_LINES = 25;
/** One source of so many may be smaller: an entry, an index, a thing that several others use. */
const SMALL_ONE_IN = 12;

const code = [...filesLike("{packages,services,infra}/**/*.{ts,tsx,mts,mjs,lua}"), "vitest.config.ts"];
const sources = code.filter((path) => /^(packages|services)\/[\w-]+\/src\//.test(path));
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
    const written = code.filter((path) => !path.includes("/src/generated/")); // types are as long as their protocol
    expect(written.filter((path) => linesOf(path).length > MAX_LINES)).toEqual([]);
  });

  test("few sources are fragments", () => {
    const isSource = (path: string) =>
      /^\w+\/([\w-]+\/src|bootstrap)\/(?!test\/|generated\/).*\.(ts|tsx|mjs)$/.test(path);
    const written = code.filter(isSource);
    const small = written.filter((path) => linesOf(path).length < MIN_LINES);
    expect(small.length, small.join("\n")).toBeLessThan(written.length / SMALL_ONE_IN);
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

function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
