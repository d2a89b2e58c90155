import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./command.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { ensurePage } from "./page.mjs";
import { inRoot, root, toolEnvironment } from "./places.mjs";
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

/**
 * Installs what the tests need, then runs every check and test. The last line says how many passed.
 * @param {string[]} args passed to vitest
 * @returns {Promise<number>} the exit code: 0 only if something ran and nothing failed
 */
export async function test(args) {
  await ensureDependencies();
  const browser = await provideForTests();
  if (browser === undefined) return 1;
  await ensurePage();
  const environment = toolEnvironment(browser);
  const checks = await runChecks(environment);
  const tests = await runVitest(args, environment);
  return report(checks, tests, browser.SWITCHYARD_NO_BROWSER);
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

/** @returns {Promise<{ passed: number, failed: number, skipped: { name: string, reason?: string }[] }>} */
async function runVitest(args, environment) {
  say(`\n> vitest run ${args.join(" ")}`);
  const directory = mkdtempSync(join(tmpdir(), "switchyard-tests-"));
  const counts = join(directory, "counts.json");
  const vitest = inRoot("node_modules", ".bin", "vitest");
  const reporters = ["--reporter=default", `--reporter=${COUNTS}`];
  try {
    const { code } = await run([vitest, "run", ...reporters, ...args], {
      cwd: root,
      environment: { ...environment, SWITCHYARD_TEST_COUNTS: counts },
    });
    return honest(readCounts(counts), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: [] }; // vitest ended before it had anything to say
  }
}

/** Vitest may fail without a failed test: then that is the failure. */
function honest(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function report(checks, tests, noBrowser) {
  const passed = tests.passed + checks.filter(Boolean).length;
  const failed = tests.failed + checks.filter((ok) => !ok).length;
  if (noBrowser !== undefined) say(`\nNo browser test ran: ${noBrowser}.`);
  if (tests.skipped.length > 0) say("\nSkipped:");
  for (const { name, reason } of tests.skipped) say(`  ${name}${reason === undefined ? "" : ` (${reason})`}`);
  for (const [index, ok] of checks.entries()) if (!ok) say(`\nFailed: ${CHECKS[index].join(" ")}`);
  if (tests.passed + tests.failed === 0) say("\nNo test ran.");
  say(`\n${passed} passed, ${failed} failed, ${tests.skipped.length} skipped`);
  return failed > 0 || tests.passed === 0 ? 1 : 0;
}
