import { say } from "./screen.mjs";

/**
 * Prints the tests that were skipped and why, the checks and tests that failed, and in the last line how many passed; each
 * check counts as one test.
 * @returns {number} the exit code: 0 only if a test passed and nothing failed
 */
export function summarize(checks, suites, noBrowser) {
  const failedChecks = checks.filter(({ passed }) => !passed);
  const testsPassed = sum(suites, "passed");
  const passed = testsPassed + checks.length - failedChecks.length;
  const failed = sum(suites, "failed") + failedChecks.length;
  const skipped = suites.flatMap((counts) => counts.skipped);
  if (noBrowser) say(`\nNo browser test ran: ${noBrowser}.`);
  if (skipped.length > 0) say("\nSkipped:");
  for (const { name, reason } of skipped) say(`  ${name}${reason === undefined ? "" : ` (${reason})`}`);
  const failures = [...failedChecks.map(({ name }) => name), ...suites.flatMap(({ failures = [] }) => failures)];
  if (failures.length > 0) say("\nFailed:");
  for (const name of failures) say(`  ${name}`);
  if (testsPassed + sum(suites, "failed") === 0) say("\nNo test ran.");
  say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 || testsPassed === 0 ? 1 : 0;
}

function sum(suites, what) {
  return suites.reduce((total, counts) => total + counts[what], 0);
}
