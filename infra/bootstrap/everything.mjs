import { run } from "./command.mjs";
import { runCounted } from "./counted.mjs";
import { say } from "./screen.mjs";
import { summarize } from "./summary.mjs";

/**
 * Runs checks and then suites, one after the other, all of them whatever fails, and says at the end what came of it.
 * @param {{
 *   cwd: string,
 *   environment: NodeJS.ProcessEnv,
 *   checks: { name: string, command: string[] }[],
 *   suites: { name: string, command: string[], timeoutMs?: number }[],
 *   noBrowser?: string,
 * }} work a check passes or fails as a whole; a suite tells by the file that SWITCHYARD_TEST_COUNTS names; without a test
 * of the first suite that passed, nothing has been tested; `noBrowser` is why there is no browser
 * @returns {Promise<number>} the exit code: 0 only if something was tested and nothing failed
 */
export async function runEverything({ cwd, environment, checks, suites, noBrowser }) {
  const checked = [];
  for (const { name, command } of checks) {
    say(`\n> ${name}`);
    const { code } = await run(command, { cwd, environment });
    checked.push({ name, passed: code === 0 });
  }
  const counted = [];
  for (const { name, command, timeoutMs } of suites) {
    say(`\n> ${name}`);
    counted.push(await runCounted(command, { cwd, environment, timeoutMs }));
  }
  return summarize(checked, counted, noBrowser);
}
