import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { SerializedError, UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, TestProject, TestSpecification, TestSuite, Vitest } from "vitest/node";
import { type TestCounts, writeCounts } from "./check-report.ts";

interface Failure {
  readonly title: string;
  readonly errors: readonly SerializedError[];
  /** All that it printed, and its cluster logged. */
  readonly printed?: string;
  readonly project?: TestProject;
}

/**
 * The vitest reporter of `npm test`. It prints each file as it ends, with how many of how many and the time that is
 * probably left, and each failure when it happens, with all that was printed meanwhile; at the end it repeats the
 * failures. On a terminal the last line shows the files that run at the moment.
 *
 * It writes the counts of the tests: vitest's own JSON reporter leaves out why tests were skipped, and files that could
 * not be loaded. A hook that failed, a file that could not be loaded and an error that nobody caught count as one failure
 * each.
 */
export default class TestReporter implements Reporter {
  #vitest: Vitest | undefined;
  #root = "";
  readonly #failures: Failure[] = [];
  /** The printed output, by the test, or the file, that ran meanwhile. */
  readonly #printed = new Map<string, string>();
  #paths: readonly string[] = [];
  #from = 0;
  /** Since when each file runs. */
  readonly #running = new Map<string, number>();
  readonly #tookMs: Record<string, number> = {};
  /** How long each file took the last time. */
  #lastMs: Readonly<Record<string, number>> = {};

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#root = vitest.config.root;
    this.#lastMs = readOr(this.#lastMsFile, {});
  }

  onTestRunStart(files: readonly TestSpecification[]): void {
    this.#paths = files.map((file) => this.#pathOf(file));
    this.#from = performance.now();
  }

  onUserConsoleLog({ content, taskId = "" }: UserConsoleLog): void {
    this.#printed.set(taskId, (this.#printed.get(taskId) ?? "") + content);
  }

  onTestModuleStart(file: TestModule): void {
    this.#showAbove(() => this.#running.set(this.#pathOf(file), performance.now()));
  }

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    if (state === "failed") this.#fail(test, errors, `${this.#pathOf(test.module)} > ${test.fullName}`);
  }

  onTestSuiteResult(suite: TestSuite): void {
    if (hasErrors(suite)) this.#fail(suite, suite.errors(), `${this.#pathOf(suite.module)} > ${suite.fullName}`);
  }

  onTestModuleEnd(file: TestModule): void {
    const path = this.#pathOf(file);
    if (hasErrors(file)) this.#fail(file, file.errors(), path);
    const tests = [...file.children.allTests()];
    const failed = tests.filter((test) => test.result().state === "failed").length;
    const { duration } = file.diagnostic();
    this.#running.delete(path);
    this.#tookMs[path] = Math.round(duration);
    const outcome = `${tests.length} tests${failed > 0 ? `, ${failed} FAILED` : ""}, ${(duration / 1000).toFixed(1)} s`;
    const left = process.stdout.isTTY ? "" : this.#left();
    this.#showAbove(() => process.stdout.write(`[${this.#position()}] ${path}: ${outcome}${left}\n`));
    for (const { id } of [file, ...tests]) this.#printed.delete(id);
  }

  onTestRunEnd(files: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    this.#running.clear();
    this.#showAbove(() => {});
    if (existsSync(join(this.#lastMsFile, "..")))
      writeFileSync(this.#lastMsFile, JSON.stringify({ ...this.#lastMs, ...this.#tookMs }));
    const uncaught = unhandledErrors.map((error) => ({ title: "an error that no test caught", errors: [error] }));
    this.#failures.push(...uncaught);
    if (this.#failures.length > 0) this.#vitest?.logger.error(`\nFailures (${this.#failures.length}):`);
    for (const failure of this.#failures) this.#print(failure);
    const counts = countsOf(files);
    const failures = this.#failures.map(({ title }) => title);
    writeCounts({ ...counts, failed: counts.failed + uncaught.length, failures });
  }

  get #lastMsFile(): string {
    return join(this.#root, "node_modules", ".switchyard-test-durations.json");
  }

  #fail(task: TestCase | TestSuite | TestModule, errors: readonly SerializedError[], title: string): void {
    const printed = [this.#printed.get(task.id) ?? [], task.meta().clusterLog ?? []].flat().join("\n");
    const failure = { title, errors, printed, project: task.project };
    this.#failures.push(failure);
    this.#showAbove(() => this.#print(failure));
  }

  #print({ title, errors, printed, project }: Failure): void {
    const logger = this.#vitest?.logger;
    logger?.error(`\nFAILED ${title}`);
    for (const error of errors) logger?.printError(error, project === undefined ? {} : { project });
    if (printed) logger?.error(`It printed:\n${printed}`);
  }

  /** Does something, such as printing, above the line that shows the running files. */
  #showAbove(act: () => void): void {
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    act();
    if (!process.stdout.isTTY || this.#running.size === 0) return;
    const line = `[${this.#position()}${this.#left()}] ${[...this.#running.keys()].join(", ")}`;
    process.stdout.write(line.slice(0, (process.stdout.columns ?? 80) - 1));
  }

  #position(): string {
    const total = String(this.#paths.length);
    return `${String(Object.keys(this.#tookMs).length).padStart(total.length)}/${total}`;
  }

  /** A remaining file takes as long as it took last time, or else the mean, with as many files at a time as until now. */
  #left(): string {
    const now = performance.now();
    const ended = Object.values(this.#tookMs);
    const toCome = this.#paths.filter((path) => !(path in this.#tookMs));
    if (ended.length === 0 || toCome.length === 0) return "";
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const ran = (path: string) => now - (this.#running.get(path) ?? now);
    const mean = sum(ended) / ended.length;
    const expected = sum(toCome.map((path) => Math.max(0, (this.#lastMs[path] ?? mean) - ran(path))));
    const atATime = Math.max(1, (sum(ended) + sum(toCome.map(ran))) / (now - this.#from));
    const seconds = expected / atATime / 1000;
    return `, about ${seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
  }

  #pathOf({ moduleId }: { readonly moduleId: string }): string {
    return relative(this.#root, moduleId);
  }
}

function readOr<T>(file: string, otherwise: T): T {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise; // the first run, or one that was killed while it wrote
  }
}

function countsOf(files: readonly TestModule[]): TestCounts {
  const tests = files.flatMap((file) => [...file.children.allTests()]);
  const inState = (...states: string[]) => tests.filter((test) => states.includes(test.result().state));
  const broken = files.flatMap((file) => [file, ...file.children.allSuites()]).filter(hasErrors);
  const skipped = inState("skipped").map((test) => ({ name: test.fullName, reason: reasonOf(test) }));
  const failed = inState("failed", "pending").length + broken.length;
  return { passed: inState("passed").length, failed, skipped };
}

/** Errors of its own: those of its tests are not among them. */
function hasErrors(group: TestModule | TestSuite): boolean {
  return group.errors().length > 0;
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result();
  if (result.state === "skipped" && result.note !== undefined) return result.note;
  for (let group: TestModule | TestSuite | undefined = test.parent; group !== undefined; ) {
    if (hasErrors(group)) return "a hook before it failed";
    group = "parent" in group ? group.parent : undefined;
  }
  return undefined;
}
