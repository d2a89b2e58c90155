import { expect } from "vitest";

/** By how much the clocks of this machine and of Redis may differ. */
const CLOCKS_DIFFER_MS = 10_000;

/**
 * Something happened between a moment and now.
 * @param timestamp as clients are given it
 * @param since `Date.now()` before it
 */
export function expectSince(since: number, timestamp: unknown): void {
  const at = Date.parse(String(timestamp));
  expect(at).toBeGreaterThan(since - CLOCKS_DIFFER_MS);
  expect(at).toBeLessThan(Date.now() + CLOCKS_DIFFER_MS);
}
