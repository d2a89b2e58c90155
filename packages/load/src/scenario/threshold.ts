import { type CountName, countNames } from "../measure/counts.ts";
import { type LatencyKind, latencyKinds, type Percentiles } from "../measure/latencies.ts";
import { type ViolationKind, violationNames } from "../oracle/violation.ts";

const statistics = { mean: "mean", p50: "p50", p90: "p90", p99: "p99", "p99.9": "p999", max: "max" } as const;
const comparisons = {
  "<": (value: number, bound: number) => value < bound,
  "<=": (value: number, bound: number) => value <= bound,
  "=": (value: number, bound: number) => value === bound,
  ">=": (value: number, bound: number) => value >= bound,
  ">": (value: number, bound: number) => value > bound,
} as const;

/** Sums besides the counts. */
const sums = ["violations", "errors"] as const;

type Statistic = (typeof statistics)[keyof typeof statistics];
type Comparison = keyof typeof comparisons;
export type CountedName = CountName | ViolationKind | (typeof sums)[number];

/** Something that must hold at the end of a run; its bound in ms, or as a number. */
export type Threshold = { readonly text: string; readonly comparison: Comparison; readonly bound: number } & (
  | { readonly latency: LatencyKind; readonly statistic: Statistic }
  | { readonly count: CountedName }
);

/** The figures with which a threshold is compared. */
export interface Measured {
  percentiles(kind: LatencyKind): Percentiles;
  count(name: CountedName): number;
}

const counted: readonly CountedName[] = [...countNames, ...violationNames, ...sums];

/** Nothing if it can't be read. */
export function readThreshold(text: string): Threshold | undefined {
  const parts = /^(.+?)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(text.trim());
  if (!parts) return undefined;
  const [, what = "", sign = "", number = "", unit] = parts;
  const comparison = isComparison(sign) ? sign : "=";
  const [first = "", second = ""] = what.split(/\s+/);
  const latency = latencyKinds.find((kind) => kind === second);
  if (isStatistic(first) && latency && unit) {
    const bound = Number(number) * (unit === "s" ? 1000 : 1);
    return { text, comparison, bound, latency, statistic: statistics[first] };
  }
  const count = counted.find((name) => name === what);
  return count && !unit ? { text, comparison, bound: Number(number), count } : undefined;
}

/** The measured number, and whether the threshold holds for it. A latency of which there is none does not hold. */
export function judge(threshold: Threshold, measured: Measured): { value: number | undefined; holds: boolean } {
  const { comparison, bound } = threshold;
  if ("count" in threshold) {
    const value = measured.count(threshold.count);
    return { value, holds: comparisons[comparison](value, bound) };
  }
  const percentiles = measured.percentiles(threshold.latency);
  if (percentiles.count === 0) return { value: undefined, holds: false };
  const value = percentiles[threshold.statistic];
  return { value, holds: comparisons[comparison](value, bound) };
}

function isComparison(text: string): text is Comparison {
  return text in comparisons;
}

function isStatistic(text: string): text is keyof typeof statistics {
  return text in statistics;
}
