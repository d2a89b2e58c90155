import { latencyKinds } from "../measure/latencies.ts";
import type { LoadReport } from "./document.ts";

/** The version of the log format that HdrHistogram's own tools write and read. */
const FORMAT_VERSION = "1.3";

/**
 * The intervals of a run as a log of HdrHistogram, whose tools read it: a line for each interval and kind of latency,
 * which is its tag. Values are microseconds, times are seconds since the run's begin.
 */
export function hlogOf({ startedAt, scenario, intervals }: LoadReport): string {
  const start = new Date(startedAt);
  const lines = intervals.flatMap(({ atMs, lengthMs, latencies }) =>
    latencyKinds.flatMap((kind) => {
      const measured = latencies[kind];
      if (!measured) return [];
      return [`Tag=${kind},${[atMs / 1000, lengthMs / 1000, measured.max].map(decimals)},${measured.histogram}`];
    }),
  );
  return [
    `#[Load test: ${scenario.replace(/\p{Cc}/gu, " ")}]`,
    `#[Histogram log format version ${FORMAT_VERSION}]`,
    `#[StartTime: ${decimals(start.getTime() / 1000)} (seconds since epoch), ${start.toUTCString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...lines,
    "",
  ].join("\n");
}

function decimals(value: number): string {
  return value.toFixed(3);
}
