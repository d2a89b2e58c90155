import { type Diagnosed, examine, type Timing } from "@switchyard/doctor";
import type { Store } from "@switchyard/store";
import { openInspection } from "@switchyard/store/inspection";
import type { Redis } from "ioredis";

/** A second look after that long; on a busy machine a step under way may take longer, so there are more looks. */
const SETTLE_MS = 250;
const PATIENCE_MS = 20_000;

/** A Redis that services use. */
export interface Kept {
  readonly redis: Redis;
  readonly store: Store;
}

/**
 * Examines all keys, as `sy doctor` does.
 * @throws Error naming all that stayed wrong
 */
export async function expectHealthy({ redis, store }: Kept, timing: Timing): Promise<void> {
  const patient = { store, inspection: openInspection(redis), timing };
  const deadline = performance.now() + PATIENCE_MS;
  let stayed: readonly Diagnosed[];
  do {
    const { findings } = await examine(patient, { settleMs: SETTLE_MS, pace: { count: 1000, pauseMs: 0 } });
    stayed = findings;
  } while (stayed.length > 0 && performance.now() < deadline);
  if (stayed.length === 0) return;
  throw new Error(
    `the keyspace is not healthy:\n${stayed.map(({ check, problem }) => `${check}: ${problem}`).join("\n")}`,
  );
}
