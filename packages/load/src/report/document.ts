import { z } from "zod";
import { countNames } from "../measure/counts.ts";
import { LatencyFigures, latencyKinds } from "../measure/latencies.ts";
import { NodeFigures } from "../measure/served.ts";
import { ServerFigures, type Servers } from "../measure/servers.ts";
import { Interval } from "../measure/timeline.ts";
import { violationNames } from "../oracle/violation.ts";
import type { Runner } from "../run/runner.ts";
import { judgeRun, type Verdict, verdicts } from "./verdict.ts";

const VERSION = 2;
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
  latencies: z.record(z.enum(latencyKinds), LatencyFigures),
  nodes: z.array(NodeFigures).meta({ description: "Each node, as its users measured it." }),
  intervals: z.array(Interval).meta({ description: "The run in parts of a second, in order." }),
  servers: z.array(ServerFigures).meta({ description: "Processes by their own metrics." }),
  unreadMetrics: z.record(z.string(), z.string()).meta({ description: "URLs of metrics that failed, and why." }),
  faults: z.array(z.object({ atMs: ms, kind: z.string(), text: z.string() })).meta({
    description: "Faults: connections that were cut, and changes of the cluster that others noted, in order.",
  }),
  workers: z
    .array(z.object({ worker: z.int().min(1), users: count, lost: z.string().nullable() }))
    .meta({ description: "Of a run that several processes carried out; `lost`: why there is nothing of it here." }),
  thresholds: z.array(z.object({ threshold: z.string(), value: z.number().nullable(), holds: z.boolean() })),
  violations: z.record(z.enum(violationNames), count),
  described: z
    .array(z.object({ kind: z.enum(violationNames), finding: z.string(), events: z.array(z.string()) }))
    .meta({ description: "The first violations of each kind, with the events that show them." }),
});
export type LoadReport = z.output<typeof LoadReport>;

/** The report of a run that is over. */
export function reportOf({ stage, elapsedMs }: Runner, servers: Servers, startedAt: Date): LoadReport {
  const { scenario, counts, latencies, watch, served, timeline, faults } = stage;
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
    latencies: Object.fromEntries(latencyKinds.map((kind) => [kind, latencies.figures(kind)])),
    nodes: served.figures,
    intervals: timeline.intervals,
    servers: servers.figures,
    unreadMetrics: servers.faults,
    faults: faults.all,
    workers: [],
    thresholds,
    violations: Object.fromEntries(violationNames.map((kind) => [kind, watch.violations.count(kind)])),
    described: watch.violations.described,
  });
}
