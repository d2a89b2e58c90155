/**
 * Settings of a cluster in which nothing ends because the machine stood still: no lease, no grace, no connection. A grace is longer than
 * anything is waited for: what a test hears is not heard because one is over, unless the test ends it (`endGrace`).
 */
export const patient = {
  LEASE_MS: 60_000,
  RECONNECT_GRACE_MS: 300_000,
  PING_INTERVAL_MS: 120_000,
  PING_TIMEOUT_MS: 120_000,
  MATCH_WIDEN_MS: 600_000,
} as const;
