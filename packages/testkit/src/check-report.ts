import { writeFileSync } from "node:fs";
import type { Verdict } from "./crowd/judge.ts";

/** A check, or a test, that could not be made here. */
interface Skipped {
  readonly name: string;
  readonly reason: string | undefined;
}

/** How the tests of a suite ended; `failures` are the names of those that failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skipped[];
  readonly failures?: readonly string[];
}

/** Writes a suite's counts to the file that SWITCHYARD_TEST_COUNTS names, if any, to be added to those of other suites. */
export function writeCounts(counts: TestCounts): void {
  const { SWITCHYARD_TEST_COUNTS: file } = process.env;
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/** The output of a test that is a program of its own, a line for each check, and whether it has passed. */
export class CheckReport {
  readonly #failures: string[] = [];
  readonly #skipped: Skipped[] = [];
  #passed = 0;

  get hasPassed(): boolean {
    return this.#failures.length === 0;
  }

  /** A heading for what follows. */
  begin(what: string): void {
    this.print(`\n> ${what}`);
  }

  print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** @param figures what was measured, whether or not it holds */
  check(claim: string, holds: boolean, figures: string): void {
    const line = `${claim}: ${figures}`;
    if (!holds) return this.fail(line);
    this.#passed += 1;
    this.print(`ok: ${line}`);
  }

  /** The same for what was judged elsewhere. */
  checkAll(verdicts: readonly Verdict[]): void {
    for (const { claim, holds, figures } of verdicts) this.check(claim, holds, figures);
  }

  fail(what: string): void {
    this.#failures.push(what);
    this.print(`FAILED: ${what}`);
  }

  skip(name: string, reason: string): void {
    this.#skipped.push({ name, reason });
    this.print(`skipped: ${name} (${reason})`);
  }

  /** Ends with the line of figures, which are also written as counts. */
  finish(): void {
    for (const failure of this.#failures) this.print(`\nFailed: ${failure.split("\n", 1)[0]}`);
    const counts = { passed: this.#passed, failed: this.#failures.length, skipped: this.#skipped };
    writeCounts(counts);
    this.print(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`);
  }
}
