import { vi } from "vitest";

/** Far more than anything takes that is waited for, also on a machine that stands still now and then. */
const PATIENCE_MS = 60_000;

/** Resolves when a condition does not throw any more; else, after a long while, rejects with what it threw last. */
export const eventually = <T>(condition: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(condition, { timeout: PATIENCE_MS });
