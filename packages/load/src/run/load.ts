import { type LoadReport, reportOf } from "../report/document.ts";
import { Progress } from "../report/text.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Marks } from "./marks.ts";
import { faultsOf } from "./reachable.ts";
import { Runner } from "./runner.ts";

/** Thrown where a target does not answer; `message` says which, and why. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

export interface LoadOptions {
  /** Is called once a second with a line that says how the run goes. */
  readonly progress?: (line: string) => void;
  /** Ends the run early, with the report so far. */
  readonly signal?: AbortSignal;
  /** Filled by faults while the run goes on; the report has them. */
  readonly marks?: Marks;
  /** Is called when the first users come. */
  readonly begun?: () => void;
}

/**
 * Carries a scenario out.
 * @throws UnreachableError before anything else
 */
export async function runLoad(scenario: Scenario, options: LoadOptions = {}): Promise<LoadReport> {
  const { progress, signal, marks = new Marks(), begun } = options;
  const faults = await faultsOf(scenario.targets);
  if (faults.length > 0) throw new UnreachableError(faults.join("; "));
  const startedAt = new Date();
  const lines = new Progress();
  const runner = new Runner(scenario, (one) => progress?.(lines.line(one)));
  const stop = () => runner.stop();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  marks.begin();
  begun?.();
  try {
    await runner.run();
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return reportOf(runner, startedAt, marks.all);
}
