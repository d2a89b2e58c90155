import { fileURLToPath } from "node:url";
import { run } from "./command.mjs";
import { runCounted } from "./counted.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { ensurePage } from "./page.mjs";
import { inRoot, node24, root, toolEnvironment } from "./places.mjs";
import { say } from "./progress.mjs";
import { provideForTests } from "./provide.mjs";

/** What is checked before the tests run; each counts as one test. */
const CHECKS = [
  ["biome", "check", "--error-on-warnings", "."],
  ["tsc", "--noEmit", "-p", "tsconfig.json"],
  ["tsc", "--noEmit", "-p", "services/web/tsconfig.json"],
  ["knip"],
];
const COUNTS = fileURLToPath(new URL("./count-reporter.mjs", import.meta.url));

const COMPOSE_TEST = fileURLToPath(new URL("../compose-test/src/main.ts", import.meta.url));
/** It takes about a quarter of an hour on two cores that do nothing else. */
const COMPOSE_TEST_MS = 2_400_000;

/**
 * Installs what the tests need, then runs every check and test. The last line says how many passed.
 * @param {string[]} args passed to vitest
 * @param {{ withDeployment?: boolean }} options whether to test the Docker Compose deployment too, where there is Docker
 * @returns {Promise<number>} the exit code: 0 only if something ran and nothing failed
 */
export async function test(args, { withDeployment = false } = {}) {
  await ensureDependencies();
  const browser = await provideForTests();
  if (browser === undefined) return 1;
  await ensurePage();
  const environment = toolEnvironment(browser);
  const checks = await runChecks(environment);
  const runs = [await runVitest(args, environment)];
  if (withDeployment) runs.push(await runComposeTest(environment));
  return report(checks, runs, browser.SWITCHYARD_NO_BROWSER);
}

/** @returns {Promise<boolean[]>} which passed */
async function runChecks(environment) {
  const passed = [];
  for (const [tool, ...args] of CHECKS) {
    say(`\n> ${[tool, ...args].join(" ")}`);
    const { code } = await run([inRoot("node_modules", ".bin", tool), ...args], { cwd: root, environment });
    passed.push(code === 0);
  }
  return passed;
}

function runVitest(args, environment) {
  say(`\n> vitest run ${args.join(" ")}`);
  const reporters = ["--reporter=default", `--reporter=${COUNTS}`];
  return runCounted([inRoot("node_modules", ".bin", "vitest"), "run", ...reporters, ...args], environment);
}

function runComposeTest(environment) {
  say("\n> test:compose");
  return runCounted([node24, "--conditions=source", COMPOSE_TEST], environment, { timeoutMs: COMPOSE_TEST_MS });
}

function report(checks, runs, noBrowser) {
  const [{ passed: testsPassed, failed: testsFailed }] = runs;
  const sum = (what) => runs.reduce((total, counts) => total + counts[what], 0);
  const passed = sum("passed") + checks.filter(Boolean).length;
  const failed = sum("failed") + checks.filter((ok) => !ok).length;
  const skipped = runs.flatMap((counts) => counts.skipped);
  if (noBrowser !== undefined) say(`\nNo browser test ran: ${noBrowser}.`);
  if (skipped.length > 0) say("\nSkipped:");
  for (const { name, reason } of skipped) say(`  ${name}${reason === undefined ? "" : ` (${reason})`}`);
  for (const [index, ok] of checks.entries()) if (!ok) say(`\nFailed: ${CHECKS[index].join(" ")}`);
  if (testsPassed + testsFailed === 0) say("\nNo test ran.");
  say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 || testsPassed === 0 ? 1 : 0;
}
