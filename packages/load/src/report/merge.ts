import { Counts } from "../measure/counts.ts";
import { Latencies, type LatencyFigures, type LatencyKind, latencyKinds } from "../measure/latencies.ts";
import type { NodeFigures } from "../measure/served.ts";
import type { Interval } from "../measure/timeline.ts";
import type { Violations } from "../oracle/violation.ts";
import { violationNames } from "../oracle/violation.ts";
import type { Scenario } from "../scenario/schema.ts";
import { LoadReport } from "./document.ts";
import { judgeRun, verdicts } from "./verdict.ts";

/** A worker's share of a report. */
interface WorkersPart {
  readonly worker: number;
  readonly users: number;
  /** Missing if the worker is lost. */
  readonly report: LoadReport | undefined;
  readonly lost: string | undefined;
}

/**
 * One report of those of several workers: numbers are added up, histograms exactly, and thresholds are judged anew.
 * @param violations those that only all workers together can show
 * @throws Error if no worker has a report
 */
export function mergedReport(scenario: Scenario, parts: readonly WorkersPart[], violations: Violations): LoadReport {
  const reports = parts.flatMap(({ report }) => report ?? []);
  const [first] = reports;
  if (!first) throw new Error("all workers are lost");
  const counts = new Counts();
  const latencies = addedUp(reports.map((one) => one.latencies));
  for (const one of reports) {
    counts.include(one.counts, one.errors);
    violations.include(one.violations, one.described);
  }
  const judged = judgeRun({ scenario, counts, latencies, watch: { violations } });
  const isIncomplete = reports.length < parts.length && judged.verdict !== "violation";
  const verdict = isIncomplete ? "incomplete" : judged.verdict;
  return LoadReport.parse({
    ...first,
    targets: scenario.targets,
    seed: scenario.seed,
    startedAt: reports.map(({ startedAt }) => startedAt).sort()[0],
    elapsedMs: Math.max(...reports.map(({ elapsedMs }) => elapsedMs)),
    verdict,
    exitCode: verdicts[verdict],
    counts: counts.all,
    errors: counts.errors,
    latencies: Object.fromEntries(latencyKinds.map((kind) => [kind, latencies.figures(kind)])),
    nodes: mergedNodes(reports.flatMap(({ nodes }) => nodes)),
    intervals: mergedIntervals(reports.map(({ intervals }) => intervals)),
    servers: reports.flatMap(({ servers }) => servers),
    unreadMetrics: Object.assign({}, ...reports.map(({ unreadMetrics }) => unreadMetrics)),
    faults: reports.flatMap(({ faults }) => faults).sort((one, other) => one.atMs - other.atMs),
    workers: parts.map(({ worker, users, lost = null }) => ({ worker, users, lost })),
    thresholds: judged.thresholds,
    violations: Object.fromEntries(violationNames.map((kind) => [kind, violations.count(kind)])),
    described: violations.described,
  });
}

type Measured = Partial<Record<LatencyKind, LatencyFigures>>;

function addedUp(all: readonly Measured[]): Latencies {
  const sum = new Latencies();
  for (const one of all) {
    for (const kind of latencyKinds) {
      const histogram = one[kind]?.histogram;
      if (histogram !== undefined) sum.add(kind, histogram);
    }
  }
  return sum;
}

function mergedNodes(all: readonly NodeFigures[]): NodeFigures[] {
  return [...new Set(all.map(({ node }) => node))].sort().map((node) => {
    const own = all.filter((one) => one.node === node);
    const sum = (figure: (one: NodeFigures) => number) => own.reduce((total, one) => total + figure(one), 0);
    const { measured } = addedUp(own.map(({ latencies }) => latencies));
    return {
      node,
      opened: sum(({ opened }) => opened),
      received: sum(({ received }) => received),
      latencies: measured,
    };
  });
}

/** Workers begin together, and their intervals have the same length: those of the same number are one. */
function mergedIntervals(all: readonly (readonly Interval[])[]): Interval[] {
  const longest = all.reduce((one, other) => (other.length > one.length ? other : one), []);
  return longest.map(({ atMs, lengthMs }, index) => {
    const own = all.flatMap((intervals) => intervals[index] ?? []);
    const sum = (figure: (one: Interval) => number) => own.reduce((total, one) => total + figure(one), 0);
    return {
      atMs,
      lengthMs,
      connected: sum(({ connected }) => connected),
      counts: sums(own.map(({ counts }) => counts)),
      errors: sum(({ errors }) => errors),
      violations: sum(({ violations }) => violations),
      latencies: addedUp(own.map(({ latencies }) => latencies)).measured,
      nodes: sums(own.map(({ nodes }) => nodes)),
    };
  });
}

function sums<Name extends string>(all: readonly Partial<Record<Name, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of all) {
    for (const [name, value] of Object.entries<number | undefined>(one))
      total[name] = (total[name] ?? 0) + (value ?? 0);
  }
  return total;
}
