import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, say } from "./workspace.mjs";

/**
 * Runs checks and then suites, one after the other, all of them whatever fails. Prints at the end the tests that were
 * skipped and why, the checks and tests that failed, and in the last line how many passed; each check counts as one test.
 * @param {{
 *   cwd: string,
 *   environment: NodeJS.ProcessEnv,
 *   checks: { name: string, command: string[] }[],
 *   suites: { name: string, command: string[], timeoutMs?: number }[],
 *   noBrowser?: string,
 * }} work a check passes or fails as a whole; a suite writes its counts to the file that SWITCHYARD_TEST_COUNTS names;
 * `noBrowser` is why there is no browser
 * @returns {number} the exit code: 0 only if a test passed and nothing failed
 */
export function runEverything({ cwd, environment, checks, suites, noBrowser }) {
  const checked = checks.map(({ name, command }) => {
    say(`\n> ${name}`);
    const isPassed = run(command, { cwd, environment }).code === 0;
    return { passed: Number(isPassed), failed: Number(!isPassed), skipped: [], failures: isPassed ? [] : [name] };
  });
  const counted = suites.map((suite) => runCounted(suite, { cwd, environment }));
  const all = [...checked, ...counted];
  const skipped = all.flatMap((counts) => counts.skipped);
  const failures = all.flatMap((counts) => counts.failures ?? []);
  const [passed, failed] = [sum(all, "passed"), sum(all, "failed")];
  if (noBrowser) say(`\nNo browser test ran: ${noBrowser}.`);
  if (skipped.length > 0) say("\nSkipped:");
  for (const { name, reason } of skipped) say(`  ${name}${reason === undefined ? "" : ` (${reason})`}`);
  if (failures.length > 0) say("\nFailed:");
  for (const name of failures) say(`  ${name}`);
  if (sum(counted, "passed") + sum(counted, "failed") === 0) say("\nNo test ran.");
  say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 || sum(counted, "passed") === 0 ? 1 : 0;
}

/** @returns {{ passed: number, failed: number, skipped: { name: string, reason?: string }[], failures?: string[] }} */
function runCounted({ name, command, timeoutMs }, { cwd, environment }) {
  say(`\n> ${name}`);
  const directory = mkdtempSync(join(tmpdir(), "switchyard-tests-"));
  const file = join(directory, "counts.json");
  try {
    const { code } = run(command, { cwd, environment: { ...environment, SWITCHYARD_TEST_COUNTS: file }, timeoutMs });
    const counts = JSON.parse(readFileSync(file, "utf8"));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts; // they may fail as a whole
  } catch {
    return { passed: 0, failed: 1, skipped: [] }; // they ended before they had anything to say
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function sum(counts, what) {
  return counts.reduce((total, { [what]: count }) => total + count, 0);
}
