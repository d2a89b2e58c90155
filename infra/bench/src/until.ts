import { setTimeout as pause } from "node:timers/promises";

const ASK_AGAIN_MS = 50;
/** Far more than any condition takes, also where all systems of a round start at once on a busy machine. */
const PATIENCE_MS = 60_000;

/**
 * Waits until a condition holds.
 * @throws Error naming `what` when it does not hold within `patienceMs`, or whatever the condition throws
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1000} s`);
    await pause(ASK_AGAIN_MS);
  }
}

/** Waits like `until`, but goes on when the condition does not hold in time, and tells whether it did. */
export async function settled(condition: () => boolean | Promise<boolean>, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(ASK_AGAIN_MS);
  }
  return true;
}
