import { type CountName, type Counts, countNames } from "../measure/counts.ts";
import type { Latencies } from "../measure/latencies.ts";
import { type ViolationKind, type Violations, violationNames } from "../oracle/violation.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type CountedName, judge, type Measured } from "../scenario/threshold.ts";

/** How a run ended, and the exit code for it. */
export const verdicts = { ok: 0, "threshold missed": 1, violation: 2, incomplete: 2, unreachable: 3 } as const;
export type Verdict = keyof typeof verdicts;

export interface JudgedThreshold {
  readonly threshold: string;
  /** The measured number; `null` where nothing was measured. */
  readonly value: number | null;
  readonly holds: boolean;
}

/** All that a run has found. */
interface Findings {
  readonly scenario: Pick<Scenario, "thresholds">;
  readonly counts: Counts;
  readonly latencies: Latencies;
  readonly watch: { readonly violations: Violations };
}

/** A violation counts more than a threshold, which may be about it. A run in which nobody connected has shown nothing. */
export function judgeRun(stage: Findings): { verdict: Verdict; thresholds: readonly JudgedThreshold[] } {
  const measured: Measured = {
    percentiles: (kind) => stage.latencies.percentiles(kind),
    count: (name) => countOf(stage, name),
  };
  const thresholds = stage.scenario.thresholds.map((threshold) => {
    const { value = null, holds } = judge(threshold, measured);
    return { threshold: threshold.text, value, holds };
  });
  if (stage.watch.violations.total > 0) return { verdict: "violation", thresholds };
  if (measured.percentiles("handshake").count === 0) return { verdict: "incomplete", thresholds };
  return { verdict: thresholds.every(({ holds }) => holds) ? "ok" : "threshold missed", thresholds };
}

function countOf({ counts, watch }: Findings, name: CountedName): number {
  if (name === "errors") return counts.errorTotal;
  if (name === "violations") return watch.violations.total;
  if (isCount(name)) return counts.get(name);
  return isViolation(name) ? watch.violations.count(name) : 0;
}

function isCount(name: CountedName): name is CountName {
  return countNames.some((one) => one === name);
}

function isViolation(name: CountedName): name is ViolationKind {
  return violationNames.some((one) => one === name);
}
