import { seeded } from "@switchyard/load";
import type { Fault, FaultKind } from "./fault.ts";

const SHORTEST_MS = 500;
/** Of the time between two faults: the rest is for the cluster to be whole again. */
const LONGEST_SHARE = 0.7;

/** Everything that a schedule depends on. */
export interface Plan {
  readonly seed: number;
  readonly durationMs: number;
  /** Time between two faults. */
  readonly everyMs: number;
  readonly kinds: readonly FaultKind[];
  /** How long a fault lasts at most that ends by itself. */
  readonly longestMs: number;
}

/**
 * The faults of a run: one every so often, each over before the next one. The same plan has the same faults, whatever
 * they are injected into; those of a shorter run are the first ones of a longer run.
 */
export function drawSchedule({ seed, durationMs, everyMs, kinds, longestMs }: Plan): readonly Fault[] {
  const random = seeded(seed);
  const count = Math.max(0, Math.floor(durationMs / everyMs) - 1);
  const longest = Math.min(longestMs, everyMs * LONGEST_SHARE);
  return Array.from({ length: count }, (_, index) => {
    const [drawn, victim, length] = [random(), random(), random()];
    const kind = kinds[Math.floor(drawn * kinds.length)] ?? "kill";
    const lastsMs = Math.round(Math.min(SHORTEST_MS, longest) + length * Math.max(0, longest - SHORTEST_MS));
    return { kind, atMs: (index + 1) * everyMs, lastsMs, victim };
  });
}

/** How long a run of these faults takes, with the same time behind the last one as before the first one. */
export function lengthOf(faults: readonly Fault[], { everyMs }: Pick<Plan, "everyMs">): number {
  return (faults.length + 1) * everyMs;
}
