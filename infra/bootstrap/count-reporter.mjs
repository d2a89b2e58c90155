import { writeFileSync } from "node:fs";

/**
 * A vitest reporter that writes how many tests passed and failed, and which were skipped and why, to the file that
 * SWITCHYARD_TEST_COUNTS names: vitest's own JSON reporter leaves the reasons out, and files that could not be loaded.
 */
export default class CountReporter {
  onTestRunEnd(files, unhandledErrors) {
    const tests = files.flatMap((file) => [...file.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    const brokenFiles = files.filter((file) => file.state() === "failed" && !hasFailedTest(file));
    const skipped = inState("skipped").map((test) => ({ name: test.fullName, reason: test.result().note }));
    const unfinished = inState("pending").length;
    const failed = inState("failed").length + brokenFiles.length + unhandledErrors.length + unfinished;
    const counts = { passed: inState("passed").length, failed, skipped };
    writeFileSync(process.env.SWITCHYARD_TEST_COUNTS, JSON.stringify(counts));
  }
}

function hasFailedTest(file) {
  return [...file.children.allTests("failed")].length > 0;
}
