import { expect, test, vi } from "vitest";
import { freshClone, pnpm } from "./clone.ts";

vi.setConfig({ testTimeout: 120_000 }); // each starts many processes

const summary = "10 passed, 0 failed, 1 skipped";
const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);

test("a clean clone installs, builds the page, checks and tests; the next time it only checks and tests", async () => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  const first = await clone.run(["test"], { NODE_ENV: "production" });
  expect([first.code, lastLine(first.output)]).toEqual([0, summary]);
  expect(first.output).toContain("  a call (no camera)\n");
  const work = [
    "biome check --error-on-warnings .",
    "tsc --noEmit --checkers 1 -p tsconfig.json",
    "tsc --noEmit --checkers 1 -p tsconfig.clients.json",
    "tsc --noEmit --checkers 1 -p services/web/tsconfig.json",
    "knip ",
    "node --conditions=source infra/prose/src/main.ts",
    "depcruise packages services infra",
    "vitest as test, /opt/chromium",
  ];
  const install = "pnpm install --frozen-lockfile as production";
  expect(await clone.log()).toEqual([install, "pnpm --filter @switchyard/web build as production", ...work]);
  const second = await clone.run(["test"]);
  expect([second.code, lastLine(second.output)]).toEqual([0, summary]);
  expect(await clone.log()).toEqual(work);
  await clone.write("pnpm-lock.yaml", "2");
  await clone.write("services/web/src/page.tsx", "");
  await clone.run(["test"], { NODE_ENV: "production" });
  expect((await clone.log()).slice(0, 2)).toEqual([install, "pnpm --filter @switchyard/web build as production"]);
});

test.each([
  ["none", {}],
  ["one of another major version", { pnpm: "echo 9.1.0" }],
])("with %s, the pinned pnpm comes through npm", async (_, programs) => {
  const npm = `[ "$1 $2 $3 $4 $5" = "exec --yes --package=pnpm@12.21.0 -- pnpm" ] || exit 1; shift 5; ${pnpm("12.21.0")}`;
  const clone = await freshClone({ ...programs, npm });
  const { code, output } = await clone.run(["test"]);
  expect([code, lastLine(output)]).toEqual([0, summary]);
});

test.each([
  ["broken-install", "ERR_PNPM_NO_NETWORK\n\nThe dependencies could not be installed; what pnpm says is above.\n"],
  ["broken-build", "a type is wrong\n\nThe page could not be built; what the build says is above.\n"],
])("%s is told, and nothing is tested", async (broken, sentence) => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  await clone.write(broken, "");
  const { code, output } = await clone.run(["test"]);
  expect(code).toBe(1);
  expect(output).toContain(sentence);
  expect((await clone.log()).filter((line) => !line.startsWith("pnpm"))).toEqual([]);
  await clone.remove(broken);
  expect((await clone.run(["test"])).code).toBe(0);
});

test("without a Redis nothing is tested, and the run fails", async () => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  await clone.write("infra/local/src/provide.ts", 'console.error("There is no Redis."); process.exitCode = 1;');
  const { code, output } = await clone.run(["test"]);
  expect([code, lastLine(output)]).toEqual([1, "There is no Redis."]);
  expect((await clone.log()).some((line) => line.startsWith("vitest"))).toBe(false);
});

test("without a browser the reason is in the summary", async () => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  await clone.write("infra/local/src/provide.ts", 'process.send({ SWITCHYARD_NO_BROWSER: "there is no Chromium" });');
  const { code, output } = await clone.run(["test"]);
  expect(code).toBe(0);
  expect(output).toContain("\nNo browser test ran: there is no Chromium.\n");
});

test.each(["biome", "tsc", "knip", "depcruise", "vitest"])(
  "when %s fails the run fails, after everything else was done",
  async (tool) => {
    const clone = await freshClone({ pnpm: pnpm("12.4.0") });
    await clone.write(`tools/${tool}`, "exit 1");
    const { code, output } = await clone.run(["test"]);
    expect(code).toBe(1);
    const failures = { tsc: "7 passed, 3 failed", vitest: "7 passed, 1 failed, 0 skipped" };
    expect(lastLine(output)).toContain({ ...failures }[tool] ?? "9 passed, 1 failed");
  },
);

const [fast, quick, long] = ["fast", "fast process browser", "crossed long long-browser"];

test.each([
  [["test"], [`run ${quick}`], 7],
  [["test", "--fast"], [`run ${fast}`], 0],
  [["test", "--watch", "packages/store"], [`watch ${fast} packages/store`], 0],
  [["test-all", "packages/store"], [`run ${quick} packages/store`, `run ${long} packages/store`], 7],
  [["ci"], [`run ${quick}`, `run ${long}`], 7],
])("%j runs the kinds %j of tests", async (args, runs, checks) => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  const counts = '{ "passed": 3, "failed": 0, "skipped": [] }';
  const kinds = `for word in "$@"; do case "$word" in --project=*) set -- "$@" "\${word#--project=}";; -*) ;; *) set -- "$@" "$word";; esac; shift; done`;
  await clone.write(
    "tools/vitest",
    `${kinds}; echo "vitest $*" >> log; echo '${counts}' > "\${SWITCHYARD_TEST_COUNTS:-/dev/null}"`,
  );
  await clone.write(
    "infra/compose-test/src/main.ts",
    `import { writeFileSync } from "node:fs"; writeFileSync(process.env.SWITCHYARD_TEST_COUNTS, '${counts}');`,
  );
  const { code } = await clone.run(args);
  expect(code).toBe(0);
  const log = (await clone.log()).filter((line) => !line.startsWith("pnpm"));
  expect(log.slice(checks)).toEqual(runs.map((run) => `vitest ${run}`));
});

test("another word than start or test gets the usage", async () => {
  const clone = await freshClone({});
  const { code, output } = await clone.run(["rest"]);
  expect([code, output]).toEqual([
    1,
    "Usage: npm start, or npm test [-- --fast | --watch] [paths and options for vitest], or npm run test:all\n",
  ]);
});
