import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";

/**
 * Runs tests that write how many passed and failed, and which were skipped and why, to the file that
 * SWITCHYARD_TEST_COUNTS names.
 * @returns {Promise<{ passed: number, failed: number, skipped: { name: string, reason?: string }[], failures?: string[] }>}
 * `failures` names the tests that failed
 */
export async function runCounted(command, { cwd, environment, timeoutMs }) {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-tests-"));
  const counts = join(directory, "counts.json");
  try {
    const { code } = await run(command, {
      cwd,
      environment: { ...environment, SWITCHYARD_TEST_COUNTS: counts },
      timeoutMs,
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
    return { passed: 0, failed: 1, skipped: [] }; // they ended before they had anything to say
  }
}

/** Tests may fail as a whole without one that failed: then that is the failure. */
function honest(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
