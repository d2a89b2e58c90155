import { readConfig } from "@switchyard/runtime";
import type { Scenario } from "./scenarios.ts";

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
/** On slow cables a connection takes a dozen round trips, and one that begins with two lost packets 3 s more. */
const SLOW_MS = 5000;

/** While Redis fails over nothing is decided for anybody. */
export function boundsOf({ failsOver = false, isSlow = false }: Pick<Scenario, "failsOver" | "isSlow">): Bounds {
  const config = readConfig(["RECONNECT_GRACE_MS", "LEASE_MS", "PING_INTERVAL_MS", "PING_TIMEOUT_MS"], {});
  const { RECONNECT_GRACE_MS: graceMs, LEASE_MS, PING_INTERVAL_MS, PING_TIMEOUT_MS } = config;
  const noticedMs = LEASE_MS + PING_INTERVAL_MS + PING_TIMEOUT_MS;
  const failOverMs = failsOver ? FAIL_OVER_MS : 0;
  return {
    graceMs,
    goneMs: noticedMs + graceMs + SWEEP_MS + BUSY_MS + failOverMs,
    connectedMs: CONNECTED_MS + failOverMs + (isSlow ? SLOW_MS : 0),
  };
}
