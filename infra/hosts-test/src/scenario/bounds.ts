import { readConfig } from "@switchyard/runtime";

/** How long a matchmaker's sweep takes to come round. */
const SWEEP_MS = 1000;
/** How late a machine with two cores may be with all that is due at once. */
const BUSY_MS = 4000;
/** Redis's own decision, and the nodes' way to the new master. */
const FAIL_OVER_MS = 10_000;

/** The times that the documentation promises for the default settings. */
export interface Bounds {
  /** A client that is away for less, from when it has noticed, is recovered. */
  readonly graceMs: number;
  /** By then everybody who does not come back is gone for everybody. */
  readonly goneMs: number;
  /** A new client is connected after so long. */
  readonly connectedMs: number;
}

const CONNECTED_MS = 5000;

/** @param failsOver whether Redis fails over meanwhile: until it has, nothing is decided for anybody */
export function boundsOf({ failsOver = false }: { readonly failsOver?: boolean }): Bounds {
  const config = readConfig(["RECONNECT_GRACE_MS", "LEASE_MS", "PING_INTERVAL_MS", "PING_TIMEOUT_MS"], {});
  const { RECONNECT_GRACE_MS: graceMs, LEASE_MS, PING_INTERVAL_MS, PING_TIMEOUT_MS } = config;
  const noticedMs = LEASE_MS + PING_INTERVAL_MS + PING_TIMEOUT_MS;
  const moreMs = failsOver ? FAIL_OVER_MS : 0;
  return { graceMs, goneMs: noticedMs + graceMs + SWEEP_MS + BUSY_MS + moreMs, connectedMs: CONNECTED_MS + moreMs };
}
