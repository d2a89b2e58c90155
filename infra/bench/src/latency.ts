import { build } from "hdr-histogram-js";

/** Percentiles of some durations, in ms. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const MICROSECONDS_PER_MS = 1000;
const LONGEST_MS = 600_000;

/** Collects durations, precise to three digits from a microsecond to ten minutes. */
export interface Latency {
  /** @param durationMs as measured with `performance.now()` */
  record(durationMs: number): void;
  percentiles(): Percentiles;
  reset(): void;
}

export function createLatency(): Latency {
  const histogram = build({
    highestTrackableValue: LONGEST_MS * MICROSECONDS_PER_MS,
    numberOfSignificantValueDigits: 3,
  });
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
  return {
    record: (durationMs) => {
      const bounded = Math.min(LONGEST_MS, Math.max(0, durationMs));
      histogram.recordValue(Math.round(bounded * MICROSECONDS_PER_MS));
    },
    percentiles: () => ({ count: histogram.totalCount, p50: at(50), p99: at(99), max: at(100) }),
    reset: () => histogram.reset(),
  };
}
