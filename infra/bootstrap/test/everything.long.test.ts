import { expect, test, vi } from "vitest";
import { everything } from "./project.ts";

vi.setConfig({ testTimeout: 120_000 }); // each starts many processes

const passing = 'test("one and one", () => expect(1 + 1).toBe(2));\n';
const failing = 'test("one and one", () => expect(1 + 1).toBe(3));\n';

test("what passes is counted, and the run succeeds", async () => {
  const { code, lastLine } = await everything({
    files: { "a.test.ts": passing, "b.test.ts": passing.repeat(2), "good.ts": "export const two: number = 2;\n" },
    checks: [["tsc", "--noEmit", "--strict", "good.ts"]],
  });
  expect([code, lastLine]).toEqual([0, "4 passed, 0 failed, 0 skipped"]);
});

test.each([
  ["a test fails", failing, "1 passed, 1 failed, 0 skipped"],
  [
    "an error that nobody catches",
    'test("throws later", async () => { setTimeout(() => { throw new Error("later"); }); await new Promise((r) => setTimeout(r, 50)); });\n',
    "2 passed, 1 failed, 0 skipped",
  ],
  ["a file that can't be loaded", `import "./absent.ts";\n${passing}`, "1 passed, 1 failed, 0 skipped"],
  ["a file without a test", "export {};\n", "1 passed, 1 failed, 0 skipped"],
  [
    "a hook after its tests",
    `afterAll(() => { throw new Error("hook"); });\n${passing}`,
    "2 passed, 1 failed, 0 skipped",
  ],
  [
    "a hook of a group, beside a test",
    `${failing}describe("group", () => { beforeAll(() => { throw new Error("hook"); });\n${passing}});\n`,
    "1 passed, 2 failed, 1 skipped",
  ],
])("the run fails with %s", async (_, text, summary) => {
  const { code, lastLine } = await everything({ files: { "good.test.ts": passing, "bad.test.ts": text } });
  expect([code, lastLine]).toEqual([1, summary]);
});

test.each([
  ["ends before it has anything to say", "export default () => process.exit(0);\n", "0 passed, 1 failed, 0 skipped"],
  [
    "fails after the last test",
    'export default () => () => { throw new Error("teardown"); };\n',
    "1 passed, 1 failed, 0 skipped",
  ],
])("the run fails when vitest %s", async (_, setup, summary) => {
  const config = 'export default { test: { globalSetup: ["setup.mjs"] } };\n';
  const files = { "vitest.config.mjs": config, "setup.mjs": setup, "good.test.ts": passing };
  const { code, lastLine } = await everything({ files });
  expect([code, lastLine]).toEqual([1, summary]);
});

test("tests that a failed hook kept from running are told as such", async () => {
  const hook = 'beforeAll(() => { throw new Error("hook"); });\n';
  const { code, output, lastLine } = await everything({
    files: { "good.test.ts": passing, "bad.test.ts": `${hook}${passing}` },
  });
  expect([code, lastLine]).toEqual([1, "1 passed, 1 failed, 1 skipped"]);
  expect(output).toContain("\nSkipped:\n  one and one (a hook before it failed)\n");
});

test("a failure is shown when it happens, with what was printed, and named again at the end", async () => {
  const printing = `test("prints", () => { console.log("a line of its own"); expect("left").toBe("right"); });\n${passing}`;
  const { output } = await everything({ files: { "bad.test.ts": printing, "good.test.ts": passing } });
  const order = [
    "FAILED bad.test.ts > prints",
    "expected 'left' to be 'right'",
    "It printed:\na line of its own\n",
    "bad.test.ts: 2 tests, 1 FAILED",
    "Failures (1):\n\nFAILED bad.test.ts > prints",
    "\nFailed:\n  bad.test.ts > prints\n",
  ];
  let from = 0;
  for (const text of order) {
    from = output.indexOf(text, from);
    expect(from, `${text} in its place in:\n${output}`).toBeGreaterThanOrEqual(0);
  }
});

test("each file is listed as it ends, with how many there are", async () => {
  const { output } = await everything({ files: { "a.test.ts": passing, "b.test.ts": passing.repeat(2) } });
  const lines = output.split("\n").filter((line) => line.startsWith("["));
  expect(lines.map((line) => /^\[(\d)\/2\] ([ab])\.test\.ts: (\d) tests, \d+\.\d s/.exec(line)?.slice(1))).toEqual([
    ["1", expect.any(String), expect.any(String)],
    ["2", expect.any(String), expect.any(String)],
  ]);
  expect(lines.at(0)).toMatch(/, about \d+ s left$/);
  expect(lines.at(1)).not.toContain("left");
});

test("what was skipped is named with its reason, and fails nothing", async () => {
  const skipping = 'test("with a camera", ({ skip }) => skip("there is no camera"));\n';
  const { code, output, lastLine } = await everything({
    files: { "a.test.ts": passing + skipping },
    noBrowser: "there is no Chromium, and installing it needs a password",
  });
  expect([code, lastLine]).toEqual([0, "1 passed, 0 failed, 1 skipped"]);
  expect(output).toContain("\nSkipped:\n  with a camera (there is no camera)\n");
  expect(output).toContain("\nNo browser test ran: there is no Chromium, and installing it needs a password.\n");
});

test.each([
  ["tsc", { "bad.ts": 'export const two: number = "two";\n' }, ["--noEmit", "--strict", "bad.ts"]],
  ["biome", { "biome.json": "{}", "bad.ts": "export const two = eval('2')\n" }, ["check", "bad.ts"]],
] as const)("what %s finds fails the run; the tests run nevertheless", async (tool, files, args) => {
  const { code, output, lastLine } = await everything({
    files: { ...files, "a.test.ts": passing },
    checks: [[tool, ...args]],
  });
  expect([code, lastLine]).toEqual([1, "1 passed, 1 failed, 0 skipped"]);
  expect(output).toContain(`\nFailed:\n  ${tool}\n`);
});

test("a run in which nothing was tested fails", async () => {
  const skipped = await everything({ files: { "a.test.ts": 'test.skip("later", () => {});\n' } });
  expect([skipped.code, skipped.lastLine]).toEqual([1, "0 passed, 0 failed, 1 skipped"]);
  expect(skipped.output).toContain("\nNo test ran.\n");
  const none = await everything({ files: { "readme.md": "" } });
  expect([none.code, none.lastLine]).toEqual([1, "0 passed, 1 failed, 0 skipped"]);
});
