import { say } from "./progress.mjs";

/**
 * Says what was skipped and why, which checks failed, and in the last line how many passed; each check counts as one test.
 * @returns {number} the exit code: 0 only if a test of the first suite passed and nothing failed
 */
export function summarize(checks, suites, noBrowser) {
  const [{ passed: testsPassed, failed: testsFailed }] = suites;
  const failedChecks = checks.filter(({ passed }) => !passed);
  const passed = sum(suites, "passed") + checks.length - failedChecks.length;
  const failed = sum(suites, "failed") + failedChecks.length;
  const skipped = suites.flatMap((counts) => counts.skipped);
  if (noBrowser) say(`\nNo browser test ran: ${noBrowser}.`);
  if (skipped.length > 0) say("\nSkipped:");
  for (const { name, reason } of skipped) say(`  ${name}${reason === undefined ? "" : ` (${reason})`}`);
  for (const { name } of failedChecks) say(`\nFailed: ${name}`);
  if (testsPassed + testsFailed === 0) say("\nNo test ran.");
  say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 || testsPassed === 0 ? 1 : 0;
}

function sum(suites, what) {
  return suites.reduce((total, counts) => total + counts[what], 0);
}
