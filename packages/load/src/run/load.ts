import { Faults } from "../measure/faults.ts";
import { Servers } from "../measure/servers.ts";
import { type LoadReport, reportOf } from "../report/document.ts";
import { Progress } from "../report/text.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { PartFigures } from "../workers/part.ts";
import { insistOnFiles } from "./open-files.ts";
import { faultsOf } from "./reachable.ts";
import { Runner } from "./runner.ts";
import type { StageOptions } from "./stage.ts";

/** Thrown where a target does not answer; `message` says which, and why. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

export interface LoadOptions extends StageOptions {
  /** Is called once a second with a line that says how the run goes. */
  readonly progress?: (line: string) => void;
  /** Ends the run early, with the report so far. */
  readonly signal?: AbortSignal;
  /** URLs of the metrics of nodes and matchmakers. Default: those of the targets, if these are nodes. */
  readonly metrics?: readonly string[] | undefined;
  /** Is called when the first users come. */
  readonly begun?: () => void;
}

/**
 * Carries a scenario out.
 * @throws UnreachableError, or ScenarioError if there are too few open files, before anything else
 */
export async function runLoad(scenario: Scenario, options: LoadOptions = {}): Promise<LoadReport> {
  const { progress, signal, metrics, begun, part, faults = new Faults() } = options;
  insistOnFiles(scenario);
  const reasons = await faultsOf(scenario.targets);
  if (reasons.length > 0) throw new UnreachableError(reasons.join("; "));
  await part?.ready();
  const servers = new Servers(metrics, scenario.targets);
  await servers.start();
  const startedAt = new Date();
  const lines = new Progress();
  const look = (one: Runner) => {
    progress?.(lines.line(one));
    part?.look(figuresOf(one), one.stage.watch.takeHalves());
  };
  const runner = new Runner(scenario, look, { ...options, faults });
  const stop = () => runner.stop();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  faults.begin();
  begun?.();
  try {
    await runner.run();
  } finally {
    await servers.stop();
    signal?.removeEventListener("abort", stop);
  }
  part?.look(figuresOf(runner), runner.stage.watch.takeHalves());
  part?.over([...runner.stage.disturbed]);
  return reportOf(runner, servers, startedAt);
}

function figuresOf({ stage: { counts, watch }, elapsedMs, lengthMs }: Runner): PartFigures {
  return {
    elapsedMs,
    lengthMs,
    connected: counts.connected,
    sent: counts.get("sent"),
    received: counts.get("received"),
    errors: counts.errorTotal,
    violations: watch.violations.total,
  };
}
