import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The vitest reporter of `npm test`. It prints each file as it ends, with how many of how many and the time that is
 * probably left, and each failure when it happens, with all that was printed meanwhile; at the end it repeats the
 * failures. On a terminal the last line shows the files that run at the moment.
 *
 * It writes how many tests passed and failed, and which were skipped and why, to the file that SWITCHYARD_TEST_COUNTS
 * names: vitest's own JSON reporter leaves out the reasons, and files that could not be loaded. A hook that failed, a file
 * that could not be loaded and an error that nobody caught count as one failure each.
 */
export default class TestReporter {
  #vitest;
  #failures = [];
  /** The printed output, by the test, or the file, that ran meanwhile. */
  #printed = new Map();
  #paths;
  #from;
  /** Since when each file runs. */
  #running = new Map();
  #tookMs = {};
  /** How long each file took the last time. */
  #lastMs;
  #lastMsFile;

  onInit(vitest) {
    this.#vitest = vitest;
    this.#lastMsFile = join(vitest.config.root, "node_modules", ".switchyard-test-durations.json");
    this.#lastMs = readOr(this.#lastMsFile, {});
  }

  onTestRunStart(files) {
    this.#paths = files.map((file) => this.#pathOf(file));
    this.#from = performance.now();
  }

  onUserConsoleLog({ content, taskId = "" }) {
    this.#printed.set(taskId, (this.#printed.get(taskId) ?? "") + content);
  }

  onTestModuleStart(file) {
    this.#showAbove(() => this.#running.set(this.#pathOf(file), performance.now()));
  }

  onTestCaseResult(test) {
    const { state, errors } = test.result();
    if (state === "failed") this.#fail(test, errors, `${this.#pathOf(test.module)} > ${test.fullName}`);
  }

  onTestSuiteResult(suite) {
    if (hasErrors(suite)) this.#fail(suite, suite.errors(), `${this.#pathOf(suite.module)} > ${suite.fullName}`);
  }

  onTestModuleEnd(file) {
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

  onTestRunEnd(files, unhandledErrors) {
    this.#running.clear();
    this.#showAbove(() => {});
    if (existsSync(join(this.#lastMsFile, "..")))
      writeFileSync(this.#lastMsFile, JSON.stringify({ ...this.#lastMs, ...this.#tookMs }));
    const uncaught = unhandledErrors.map((error) => ({ title: "an error that no test caught", errors: [error] }));
    this.#failures.push(...uncaught);
    if (this.#failures.length > 0) this.#vitest.logger.error(`\nFailures (${this.#failures.length}):`);
    for (const failure of this.#failures) this.#print(failure);
    const counts = countsOf(files);
    const failures = this.#failures.map(({ title }) => title);
    const all = { ...counts, failed: counts.failed + uncaught.length, failures };
    writeFileSync(process.env.SWITCHYARD_TEST_COUNTS, JSON.stringify(all));
  }

  #fail(task, errors, title) {
    const printed = [this.#printed.get(task.id) ?? [], task.meta().clusterLog ?? []].flat().join("\n");
    const failure = { title, errors, printed, project: task.project };
    this.#failures.push(failure);
    this.#showAbove(() => this.#print(failure));
  }

  #print({ title, errors, printed, project }) {
    const { logger } = this.#vitest;
    logger.error(`\nFAILED ${title}`);
    for (const error of errors) logger.printError(error, { project });
    if (printed) logger.error(`It printed:\n${printed}`);
  }

  /** Does something, such as printing, above the line that shows the running files. */
  #showAbove(act) {
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    act();
    if (!process.stdout.isTTY || this.#running.size === 0) return;
    const line = `[${this.#position()}${this.#left()}] ${[...this.#running.keys()].join(", ")}`;
    process.stdout.write(line.slice(0, (process.stdout.columns ?? 80) - 1));
  }

  #position() {
    const total = String(this.#paths.length);
    return `${String(Object.keys(this.#tookMs).length).padStart(total.length)}/${total}`;
  }

  /** A remaining file takes as long as it took last time, or else the mean, with as many files at a time as until now. */
  #left() {
    const now = performance.now();
    const ended = Object.values(this.#tookMs);
    const toCome = this.#paths.filter((path) => !(path in this.#tookMs));
    if (ended.length === 0 || toCome.length === 0) return "";
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const ran = (path) => now - (this.#running.get(path) ?? now);
    const mean = sum(ended) / ended.length;
    const expected = sum(toCome.map((path) => Math.max(0, (this.#lastMs[path] ?? mean) - ran(path))));
    const atATime = Math.max(1, (sum(ended) + sum(toCome.map(ran))) / (now - this.#from));
    const seconds = expected / atATime / 1000;
    return `, about ${seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
  }

  #pathOf({ moduleId }) {
    return relative(this.#vitest.config.root, moduleId);
  }
}

function readOr(file, otherwise) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise; // the first run, or one that was killed while it wrote
  }
}

function countsOf(files) {
  const tests = files.flatMap((file) => [...file.children.allTests()]);
  const inState = (...states) => tests.filter((test) => states.includes(test.result().state));
  const broken = files.flatMap((file) => [file, ...file.children.allSuites()]).filter(hasErrors);
  const skipped = inState("skipped").map((test) => ({ name: test.fullName, reason: reasonOf(test) }));
  const failed = inState("failed", "pending").length + broken.length;
  return { passed: inState("passed").length, failed, skipped };
}

/** Errors of its own: those of its tests are not among them. */
function hasErrors(group) {
  return group.errors().length > 0;
}

function reasonOf(test) {
  const { note } = test.result();
  if (note !== undefined) return note;
  for (let group = test.parent; group !== undefined; group = group.parent)
    if (hasErrors(group)) return "a hook before it failed";
  return undefined;
}
