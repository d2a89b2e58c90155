import { z } from "zod";
import { countNames } from "../measure/counts.ts";
import { latencyKinds } from "../measure/latencies.ts";
import { violationNames } from "../oracle/violation.ts";
import type { Mark } from "../run/marks.ts";
import type { Runner } from "../run/runner.ts";
import { judgeRun, type Verdict, verdicts } from "./verdict.ts";

const VERSION = 1;
const count = z.int().min(0);
const ms = z.number().min(0);
const verdictNames = Object.keys(verdicts) as [Verdict, ...Verdict[]];

/** The report of a run, as JSON. A field keeps its meaning within a version; times are in ms. */
export const LoadReport = z.object({
  version: z.literal(VERSION),
  scenario: z.string(),
  targets: z.array(z.string()),
  seed: count,
  startedAt: z.iso.datetime(),
  elapsedMs: ms,
  verdict: z.enum(verdictNames),
  exitCode: z.int().min(0).max(3),
  counts: z.record(z.enum(countNames), count),
  errors: z.record(z.string(), count).meta({ description: "By what the server or the system said." }),
  latencies: z.record(
    z.enum(latencyKinds),
    z.object({
      count,
      mean: ms,
      p50: ms,
      p90: ms,
      p99: ms,
      p999: ms,
      max: ms,
      histogram: z.string().meta({ description: "HDR histogram in microseconds, compressed, in Base64." }),
    }),
  ),
  thresholds: z.array(z.object({ threshold: z.string(), value: z.number().nullable(), holds: z.boolean() })),
  faults: z
    .array(z.object({ atMs: ms, kind: z.string(), text: z.string() }))
    .meta({ description: "Faults that were injected meanwhile, from the begin of the run." }),
  violations: z.record(z.enum(violationNames), count),
  described: z
    .array(z.object({ kind: z.enum(violationNames), finding: z.string(), events: z.array(z.string()) }))
    .meta({ description: "The first violations of each kind, with the events that show them." }),
});
export type LoadReport = z.output<typeof LoadReport>;

/** The report of a run that is over. */
export function reportOf({ stage, elapsedMs }: Runner, startedAt: Date, faults: readonly Mark[] = []): LoadReport {
  const { scenario, counts, latencies, watch } = stage;
  const { verdict, thresholds } = judgeRun(stage);
  return LoadReport.parse({
    version: VERSION,
    scenario: scenario.name,
    targets: scenario.targets,
    seed: scenario.seed,
    startedAt: startedAt.toISOString(),
    elapsedMs,
    verdict,
    exitCode: verdicts[verdict],
    counts: counts.all,
    errors: counts.errors,
    latencies: Object.fromEntries(
      latencyKinds.map((kind) => [kind, { ...latencies.percentiles(kind), histogram: latencies.encode(kind) }]),
    ),
    thresholds,
    faults,
    violations: Object.fromEntries(violationNames.map((kind) => [kind, watch.violations.count(kind)])),
    described: watch.violations.described,
  });
}
