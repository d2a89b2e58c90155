import { z } from "zod";
import { type Counts, countNames } from "./counts.ts";
import { LatencyFigures, latencyKinds } from "./latencies.ts";
import type { Served } from "./served.ts";

const count = z.int().min(0);
const ms = z.number().min(0);

/** A part of a run: what happened in it, and what was measured. */
export const Interval = z.object({
  atMs: ms.meta({ description: "Its begin, from the run's begin." }),
  lengthMs: ms,
  connected: count.meta({ description: "Users that are connected at its end." }),
  counts: z.partialRecord(z.enum(countNames), count).meta({ description: "Those that changed, by how much." }),
  errors: count,
  violations: count,
  latencies: z.partialRecord(z.enum(latencyKinds), LatencyFigures),
  nodes: z.record(z.string(), count).meta({ description: "Connections at its end, by node." }),
});
export type Interval = z.output<typeof Interval>;

/** The intervals of a run, one after the other. */
export class Timeline {
  readonly intervals: Interval[] = [];
  #before: ReturnType<typeof snapshotOf> | undefined;
  #at = 0;

  /** Ends an interval, whose latencies have been summed up. */
  add(elapsedMs: number, counts: Counts, served: Served, violations: number): void {
    const now = snapshotOf(counts, violations);
    const changed = countNames.flatMap((name) => {
      const difference = now.counts[name] - (this.#before?.counts[name] ?? 0);
      return difference > 0 ? [[name, difference] as const] : [];
    });
    this.intervals.push({
      atMs: this.#at,
      lengthMs: Math.max(0, elapsedMs - this.#at),
      connected: counts.connected,
      counts: Object.fromEntries(changed),
      errors: now.errors - (this.#before?.errors ?? 0),
      violations: violations - (this.#before?.violations ?? 0),
      latencies: served.interval.measured,
      nodes: served.connected,
    });
    this.#before = now;
    this.#at = elapsedMs;
  }
}

function snapshotOf(counts: Counts, violations: number) {
  return { counts: counts.all, errors: counts.errorTotal, violations };
}
