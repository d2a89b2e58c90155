import { setTimeout as wait } from "node:timers/promises";

/** Timers of Node may fire almost a millisecond before their time, and processes round theirs. */
const EARLY_MS = 5;

type Wait = (retryAfterMs: number) => Promise<void>;

/** Waits as long as an error asked for. */
const waitFor: Wait = (retryAfterMs) => wait(retryAfterMs + EARLY_MS);

/** The least that can be left of a time that began at `from` (`performance.now()`) or later. */
export const leftOf = (durationMs: number, from: number): number => durationMs - (performance.now() - from) - EARLY_MS;

/**
 * Does what has to be done while a limit counts it together. If it fails, and the limit's window passed meanwhile (the machine
 * may have stood still), it is done anew.
 * @param act waits as long as refusals say by what it is given, which is no part of the window
 */
export async function withinWindow(windowMs: number, act: (waitFor: Wait) => Promise<void>): Promise<void> {
  for (;;) {
    let from = performance.now();
    try {
      return await act(async (retryAfterMs) => {
        const began = performance.now();
        await waitFor(retryAfterMs);
        from += performance.now() - began;
      });
    } catch (error) {
      if (performance.now() - from < windowMs) throw error;
    }
  }
}
