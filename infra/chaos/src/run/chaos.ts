import { Faults, type LoadReport, runLoad, type Scenario } from "@switchyard/load";
import type { Fault } from "../schedule/fault.ts";
import { demand, type Target } from "../target/target.ts";
import { Injector } from "./injector.ts";

export interface ChaosOptions {
  /** Is called once a second with a line that says how the run goes. */
  readonly progress?: (line: string) => void;
  /** Ends the run early, with the report so far; the faults are undone first. */
  readonly signal?: AbortSignal;
}

/**
 * Carries a scenario out against a cluster into which faults are injected, from the end of the ramp on. All
 * faults have been undone when this settles, in whatever way the run ends.
 * @throws FaultError for a fault that can't be injected
 * @throws UnreachableError
 */
export async function runChaos(
  scenario: Scenario,
  target: Target,
  schedule: readonly Fault[],
  { progress, signal }: ChaosOptions = {},
): Promise<LoadReport> {
  demand(
    target,
    schedule.map(({ kind }) => kind),
  );
  await target.ready();
  const noted = new Faults();
  const injector = new Injector(target, schedule, noted);
  const stop = new AbortController();
  const end = () =>
    void injector
      .end()
      .catch(() => {})
      .finally(() => stop.abort()); // its error is thrown below
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  const rampMs = "users" in scenario.arrival ? scenario.ramp : 0;
  const begun = () => injector.begin(rampMs, () => stop.abort());
  const line = (text: string) => progress?.(`${text}, ${injector.count} faults`);
  const metrics: string[] = []; // behind a forwarder or a proxy each request for them may reach another node
  try {
    return await runLoad(
      { ...scenario, targets: [...target.urls] },
      { faults: noted, begun, progress: line, signal: stop.signal, metrics },
    );
  } finally {
    signal?.removeEventListener("abort", end);
    await injector.end();
  }
}
