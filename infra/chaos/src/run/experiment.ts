import type { LoadReport, Scenario } from "@switchyard/load";
import { type ChaosReport, chaosReportOf } from "../report.ts";
import type { Fault, FaultKind } from "../schedule/fault.ts";
import { drawSchedule, lengthOf, type Plan } from "../schedule/schedule.ts";
import { kindsOf, type Target } from "../target/target.ts";
import { type ChaosOptions, runChaos } from "./chaos.ts";
import { shrink } from "./shrink.ts";

/** A schedule that is to be tried on a cluster. */
export interface Experiment {
  readonly scenario: Scenario;
  /** Without kinds: all that the target can do. */
  readonly plan: Omit<Plan, "kinds"> & { readonly kinds: readonly FaultKind[] | undefined };
  /** Opens the target; once for each run. */
  readonly open: () => Promise<Target>;
  /** Whether a run that fails is run again with fewer faults, until as few as possible are left. */
  readonly shrinks: boolean;
}

/**
 * Runs a schedule, and shrinks it if that was asked for and something was violated.
 * @throws FaultError, UnreachableError
 */
export async function runExperiment(experiment: Experiment, options: ChaosOptions = {}): Promise<ChaosReport> {
  const { scenario, plan: asked, open, shrinks } = experiment;
  const { plan, schedule, against, report } = await during(open, async (target) => {
    const plan: Plan = { ...asked, kinds: asked.kinds ?? kindsOf(target) };
    const schedule = drawSchedule(plan);
    return { plan, schedule, against: target.name, report: await runChaos(scenario, target, schedule, options) };
  });
  const isShrunk = shrinks && report.verdict === "violation" && options.signal?.aborted !== true;
  const shrunk = isShrunk
    ? await shrink(schedule.length, report, (length) => again(experiment, schedule.slice(0, length), options))
    : undefined;
  return chaosReportOf(report, { against, plan, schedule, shrunk });
}

/** Runs a prefix of the schedule, for as long as that takes; a run that is interrupted did not fail. */
async function again(
  { scenario, plan, open }: Experiment,
  prefix: readonly Fault[],
  { progress, signal }: ChaosOptions,
): Promise<LoadReport | undefined> {
  if (signal?.aborted) return undefined;
  const shorter = { ...scenario, duration: lengthOf(prefix, plan) };
  const named = (line: string) => progress?.(`with ${prefix.length} faults: ${line}`);
  const options = signal ? { progress: named, signal } : { progress: named };
  const report = await during(open, (target) => runChaos(shorter, target, prefix, options));
  return report.verdict === "violation" ? report : undefined;
}

async function during<Result>(open: () => Promise<Target>, use: (target: Target) => Promise<Result>): Promise<Result> {
  const target = await open();
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}
