import { LoadReport, textOf } from "@switchyard/load";
import { z } from "zod";
import type { Shrunk } from "./run/shrink.ts";
import { type Fault, faultNames } from "./schedule/fault.ts";
import type { Plan } from "./schedule/schedule.ts";

const ms = z.number().min(0);
const PlannedFault = z.object({ kind: z.enum(faultNames), atMs: ms, lastsMs: ms, victim: z.number().min(0).lt(1) });

/** The report of a run with faults: that of a load test, with the schedule and, of a failing run, its shortest failing prefix. */
export const ChaosReport = LoadReport.extend({
  chaos: z.object({
    against: z.string(),
    seed: z.int().min(0),
    everyMs: ms,
    longestMs: ms,
    kinds: z.array(z.enum(faultNames)),
    schedule: z.array(PlannedFault).meta({ description: "The planned faults; `faults` says what was done." }),
    shrunk: z
      .object({ length: z.int().min(0), report: LoadReport })
      .nullable()
      .meta({ description: "How many of the first faults were enough to fail, and the report of that run." }),
  }),
});
export type ChaosReport = z.output<typeof ChaosReport>;

/** A run, beside its report. */
export interface ChaosRun {
  readonly against: string;
  readonly plan: Plan;
  readonly schedule: readonly Fault[];
  /** Missing where the run was not shrunk. */
  readonly shrunk?: Shrunk<LoadReport> | undefined;
}

export function chaosReportOf(report: LoadReport, { against, plan, schedule, shrunk }: ChaosRun): ChaosReport {
  const { seed, everyMs, longestMs, kinds } = plan;
  return ChaosReport.parse({
    ...report,
    chaos: {
      against,
      seed,
      everyMs,
      longestMs,
      kinds,
      schedule,
      shrunk: shrunk === undefined ? null : { length: shrunk.length, report: shrunk.failure },
    },
  });
}

/** The whole report, for people: of a failing run also what is needed to have it again. */
export function textOfChaos(report: ChaosReport): string {
  const { against, seed, kinds, schedule, shrunk } = report.chaos;
  const head = `against ${against}: ${schedule.length} faults (${kinds.join(", ")}), seed ${seed}`;
  const lines = [head, "", ...faultsOf(report), "", textOf(report)];
  if (report.verdict !== "violation") return lines.join("\n");
  if (!shrunk) return [...lines, "", `The same seed has the same faults: ${plannedOf(schedule)}`].join("\n");
  const [violation] = shrunk.report.described;
  const prefix = plannedOf(schedule.slice(0, shrunk.length)) || "none";
  return [
    ...lines,
    "",
    `shortest failing prefix: ${shrunk.length} of ${schedule.length} faults, seed ${seed}: ${prefix}`,
    ...(violation ? [`  ${violation.finding}`, ...violation.events.map((event) => `    ${event}`)] : []),
  ].join("\n");
}

/** Everything that was done, with its times; a scenario's own cuts are counted in the report, and not shown. */
function faultsOf({ faults, chaos }: ChaosReport): string[] {
  const planned = new Set<string>(chaos.schedule.map(({ kind }) => kind));
  const shown = faults.filter(({ kind }) => planned.has(kind));
  return shown.map(({ atMs, text }) => `${(atMs / 1000).toFixed(1).padStart(7)} s  ${text}`);
}

function plannedOf(faults: readonly Fault[]): string {
  return faults.map(({ kind, atMs }) => `${kind} at ${atMs / 1000} s`).join(", ");
}
