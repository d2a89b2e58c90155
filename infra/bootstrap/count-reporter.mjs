import { writeFileSync } from "node:fs";

/**
 * A vitest reporter that writes how many tests passed and failed, and which were skipped and why, to the file that
 * SWITCHYARD_TEST_COUNTS names: vitest's own JSON reporter leaves the reasons out, and files that could not be loaded.
 * A hook that failed, a file that could not be loaded and an error that nobody caught count as one failure each.
 */
export default class CountReporter {
  onTestRunEnd(files, unhandledErrors) {
    const tests = files.flatMap((file) => [...file.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    const broken = files.flatMap((file) => [file, ...file.children.allSuites()]).filter(hasErrors);
    const unfinished = inState("pending").length;
    const failed = inState("failed").length + broken.length + unhandledErrors.length + unfinished;
    const skipped = inState("skipped").map((test) => ({ name: test.fullName, reason: reasonOf(test) }));
    const counts = { passed: inState("passed").length, failed, skipped };
    writeFileSync(process.env.SWITCHYARD_TEST_COUNTS, JSON.stringify(counts));
  }
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
