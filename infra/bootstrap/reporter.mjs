import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Progress } from "./progress.mjs";

/**
 * The vitest reporter of `npm test`. It prints each file as it ends, with how many of how many and the time that is
 * probably left, and each failure when it happens, with all that was printed meanwhile; at the end it repeats the failures.
 *
 * It writes how many tests passed and failed, and which were skipped and why, to the file that SWITCHYARD_TEST_COUNTS
 * names: vitest's own JSON reporter leaves out the reasons, and files that could not be loaded. A hook that failed, a file
 * that could not be loaded and an error that nobody caught count as one failure each.
 */
export default class TestReporter {
  #vitest;
  #progress;
  #failures = [];
  /** The printed output, by the test, or the file, that ran meanwhile. */
  #printed = new Map();

  onInit(vitest) {
    this.#vitest = vitest;
  }

  onTestRunStart(specifications) {
    this.#progress = new Progress(
      specifications.map((specification) => this.#pathOf(specification)),
      this.#vitest.config.root,
    );
  }

  onUserConsoleLog({ content, taskId = "" }) {
    this.#printed.set(taskId, (this.#printed.get(taskId) ?? "") + content);
  }

  onTestModuleStart(file) {
    this.#progress.begin(this.#pathOf(file));
  }

  onTestCaseResult(test) {
    if (test.result().state === "failed") this.#fail(test, `${this.#pathOf(test.module)} > ${test.fullName}`);
  }

  onTestSuiteResult(suite) {
    if (hasErrors(suite)) this.#fail(suite, `${this.#pathOf(suite.module)} > ${suite.fullName}`);
  }

  onTestModuleEnd(file) {
    if (hasErrors(file)) this.#fail(file, this.#pathOf(file));
    const tests = [...file.children.allTests()];
    const failed = tests.filter((test) => test.result().state === "failed").length;
    this.#progress.end(this.#pathOf(file), { tests: tests.length, failed, durationMs: file.diagnostic().duration });
    for (const { id } of [file, ...tests]) this.#printed.delete(id);
  }

  onTestRunEnd(files, unhandledErrors) {
    this.#progress.close();
    for (const error of unhandledErrors)
      this.#failures.push({ title: "an error that no test caught", errors: [error] });
    if (this.#failures.length > 0) this.#vitest.logger.error(`\nFailures (${this.#failures.length}):`);
    for (const failure of this.#failures) this.#print(failure);
    const failures = this.#failures.map(({ title }) => title);
    const counts = { ...countsOf(files, unhandledErrors), failures };
    writeFileSync(process.env.SWITCHYARD_TEST_COUNTS, JSON.stringify(counts));
  }

  #fail(task, title) {
    const errors = task.type === "test" ? task.result().errors : task.errors();
    const printed = [this.#printed.get(task.id) ?? [], task.meta().clusterLog ?? []].flat().join("\n");
    const failure = { title, errors, printed, project: task.project };
    this.#failures.push(failure);
    this.#progress.interrupt(() => this.#print(failure));
  }

  #print({ title, errors, printed, project }) {
    const { logger } = this.#vitest;
    logger.error(`\nFAILED ${title}`);
    for (const error of errors) logger.printError(error, { project });
    if (printed) logger.error(`It printed:\n${printed}`);
  }

  #pathOf({ moduleId }) {
    return relative(this.#vitest.config.root, moduleId);
  }
}

function countsOf(files, unhandledErrors) {
  const tests = files.flatMap((file) => [...file.children.allTests()]);
  const inState = (state) => tests.filter((test) => test.result().state === state);
  const broken = files.flatMap((file) => [file, ...file.children.allSuites()]).filter(hasErrors);
  const unfinished = inState("pending").length;
  const failed = inState("failed").length + broken.length + unhandledErrors.length + unfinished;
  const skipped = inState("skipped").map((test) => ({ name: test.fullName, reason: reasonOf(test) }));
  return { passed: inState("passed").length, failed, skipped };
}

/** Errors of its own: those of its tests are not among them. */
function hasErrors(group) {
  return group.errors().length > 0;
}

function reasonOf(test) {
  const { note } = test.result();
  if (note !== undefined) return note;
  for (let group = test.parent; group !== undefined; group = group.parent) {
    if (hasErrors(group)) return "a hook before it failed";
  }
  return undefined;
}
