import { expect, test } from "vitest";
import { junitOf, readScenario, textOf, verdicts } from "../src/index.ts";
import { Faults } from "../src/measure/faults.ts";
import { Latencies } from "../src/measure/latencies.ts";
import { Servers } from "../src/measure/servers.ts";
import { reportOf } from "../src/report/document.ts";
import { Runner } from "../src/run/runner.ts";

const scenario = (thresholds: string) => readScenario(`mix: [{ behaviour: idle }]\nthresholds: ${thresholds}`);
/** The report of a run in which nobody has come yet, but for what `happen` does. */
function reportAfter(thresholds: string, happen: (runner: Runner) => void = () => {}) {
  const runner = new Runner(scenario(thresholds));
  happen(runner);
  runner.stage.endInterval(runner.elapsedMs);
  return reportOf(runner, new Servers([], []), new Date(0));
}
const lose = ({ stage }: Runner) =>
  stage.watch.violations.add("lost", "<r>: message 1 & 2\u0007", () => ["0.1 s: user 1 sends 1"]);

const connect = ({ stage }: Runner) => stage.served.record("handshake", 1, "node");

test("a run ends with 0, with 1 for a threshold, with 2 for a violation or where nobody connected", () => {
  const ends = [
    reportAfter("[lost = 0, failed attempts = 0]", connect),
    reportAfter("[lost = 0, p99 relay < 1 s]", connect),
    reportAfter("[lost = 0]", lose),
    reportAfter("[lost = 0]"),
  ].map(({ verdict, exitCode }) => [verdict, exitCode]);
  expect(ends).toEqual([
    ["ok", 0],
    ["threshold missed", 1],
    ["violation", 2],
    ["incomplete", 2],
  ]);
  expect(verdicts.unreachable).toBe(3);
});

test("people read what was found, the events that show it, and the verdict, without control characters", () => {
  const text = textOf(reportAfter("[lost = 0]", lose));
  expect(text).toContain("lost: 1 (acknowledged and never received");
  expect(text).toContain("  <r>: message 1 & 2\u{FFFD}\n    0.1 s: user 1 sends 1\n");
  expect(text).toMatch(/missed {2}lost = 0 \(1\)\n[\s\S]*verdict: violation$/);
});

test("faults that were noted meanwhile are in the report, in order, with their times", () => {
  const faults = new Faults();
  const runner = new Runner(scenario("[]"), () => {}, { faults });
  faults.begin();
  faults.note("kill", "node-1 is killed\u0007");
  faults.note("cut", "the connection of a user");
  const report = reportOf(runner, new Servers([], []), new Date(0));
  expect(report.faults).toEqual([...faults.all]);
  expect(faults.all.map(({ kind }) => kind)).toEqual(["kill", "cut"]);
  const [first] = report.faults;
  const text = textOf({ ...report, faults: first ? [{ ...first, atMs: 1250 }, ...report.faults.slice(1)] : [] });
  expect(text).toContain("\n    1.3 s  node-1 is killed\u{FFFD}\n");
  expect(text).not.toContain("the connection of a user");
});

test("JUnit has a case for each oracle and each threshold, and what failed has its events", () => {
  const xml = junitOf(reportAfter("['p99 relay < 1 s']", lose));
  expect(xml).toContain('tests="13" failures="2"');
  expect(xml).toContain("&lt;r&gt;: message 1 &amp; 2\u{FFFD}\n  0.1 s: user 1 sends 1</failure></testcase>");
  expect(xml).toContain(
    '<testcase classname="thresholds" name="p99 relay &lt; 1 s"><failure message="nothing was measured">',
  );
});

test("latencies of two processes are the same as those of one", () => {
  const [one, other, both] = [new Latencies(), new Latencies(), new Latencies()];
  for (let index = 1; index <= 1000; index += 1) {
    (index % 3 === 0 ? one : other).record("relay", index / 7);
    both.record("relay", index / 7);
  }
  one.add("relay", other.encode("relay"));
  expect(one.percentiles("relay")).toEqual(both.percentiles("relay"));
  expect(one.percentiles("relay").p50).toBeCloseTo(500 / 7, 0);
});
