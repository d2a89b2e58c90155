import type { Cluster } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts, storeBoundsOf } from "@switchyard/dialects";
import type { Timing } from "@switchyard/doctor";
import { openStore, type Store } from "@switchyard/store";
import { type Inspection, openInspection } from "@switchyard/store/inspection";
import type { SyConfig } from "./config.ts";
import { type Connection, connect } from "./connection.ts";

/** How often matchmakers sweep. */
const SWEEP_EVERY_MS = 1000;

/** The tools of an operator: the present state, and the use cases that change it. */
export interface Operator {
  readonly connection: Connection;
  readonly store: Store;
  readonly inspection: Inspection;
  readonly cluster: Cluster;
  readonly timing: Timing;
  /** Share of Redis's `maxmemory` from which on nodes take nothing new. */
  readonly watermark: number;
}

/**
 * @param master which of the masters that sentinels watch
 * @throws UnusableRedisError
 */
export async function openOperator(config: SyConfig, master?: string): Promise<Operator> {
  const connection = await connect(config, master);
  const { redis } = connection;
  const store = await openStore(redis, storeBoundsOf(config));
  const contexts = openContexts(dialects, store, dialectLimitsOf(config));
  return {
    connection,
    store,
    inspection: openInspection(redis, () => connection.masters()),
    cluster: { store, contexts, graceMs: config.RECONNECT_GRACE_MS },
    timing: { leaseMs: config.LEASE_MS, sweepMs: SWEEP_EVERY_MS },
    watermark: config.REDIS_MEMORY_WATERMARK,
  };
}

/** The queues of all dialects. */
export function queuesOf({ contexts }: Cluster): string[] {
  return [...contexts.values()].flatMap(({ queues }) => queues);
}
