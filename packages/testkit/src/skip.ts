import type { RunnerTestCase, RunnerTestSuite } from "vitest";

/**
 * Skips the caller: the test that is running, or before a group's tests (`beforeAll`) the whole group.
 * @param reason as the report of the tests shows it
 * @throws always; outside of tests an Error that says the reason
 */
export async function skipCaller(reason: string): Promise<never> {
  if (!("__vitest_worker__" in globalThis)) throw new Error(`Tests can't run: ${reason}.`);
  const { TestRunner } = await import("vitest");
  const test = TestRunner.getCurrentTest<RunnerTestCase | undefined>();
  if (test) return test.context.skip(reason);
  const hasBegun = ({ result }: RunnerTestCase) => result !== undefined && result.state !== "queued";
  const toCome = testsIn(TestRunner.getCurrentSuite().file).filter((one) => !hasBegun(one));
  for (const one of toCome) one.result = Object.assign({ state: "queued" as const }, { note: reason }); // until it runs
  const [first] = toCome;
  return first?.context.skip(reason) ?? Promise.reject(new Error(reason));
}

function testsIn(group: RunnerTestSuite): RunnerTestCase[] {
  return group.tasks.flatMap((task) => (task.type === "suite" ? testsIn(task) : task));
}
