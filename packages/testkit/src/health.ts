import { setTimeout as wait } from "node:timers/promises";
import { checks, examine, suspect, type Timing } from "@switchyard/doctor";
import { mastersOf, type Store } from "@switchyard/store";
import { openInspection } from "@switchyard/store/inspection";
import type { Redis } from "ioredis";

/** How long it may take until nothing is under way any more, and the dead are cleared up after. */
const REST_MS = 20_000;
const LOOK_EVERY_MS = 50;
const SETTLE_MS = 250;
/** Nobody else is on such a Redis. */
const pace = { count: 1000, pauseMs: 0 };
/** What holds whatever is left half done. */
const lasting = checks.filter(({ name }) => ["lifetimes", "unknown-keys"].includes(name));

/** A Redis that services, or tests, use. */
export interface Kept {
  readonly redis: Redis;
  readonly store: Store;
}

/**
 * Examines all keys, as `sy doctor` does. Where nothing even seems wrong, one look is enough, and so it is wherever nobody does anything:
 * so it takes as long as the last step that is under way. What never seems right is examined as on a cluster at work.
 * @throws Error naming all that stayed wrong
 */
export async function expectHealthy(kept: Kept, timing: Timing): Promise<void> {
  const patient = patientOf(kept, timing);
  const deadline = performance.now() + REST_MS;
  while (performance.now() < deadline) {
    const { suspicions } = await suspect(patient, { pace });
    if (suspicions.length === 0) return;
    await wait(LOOK_EVERY_MS);
  }
  const { findings } = await examine(patient, { settleMs: SETTLE_MS, pace });
  refuse(findings);
}

/**
 * The same of a Redis on which tests carry out single steps: there is no key that the key table does not know, and what nobody owns has
 * a lifetime.
 * @throws Error naming the keys
 */
export async function expectKnownKeys(kept: Kept): Promise<void> {
  const { suspicions } = await suspect(patientOf(kept, { leaseMs: 0, sweepMs: 0 }), { pace, checks: lasting });
  refuse(suspicions.map(({ check, finding }) => ({ check: check.name, ...finding })));
}

function patientOf({ redis, store }: Kept, timing: Timing) {
  return { store, inspection: openInspection(redis, () => mastersOf(redis)), timing };
}

function refuse(found: readonly { readonly check: string; readonly problem: string }[]): void {
  if (found.length === 0) return;
  throw new Error(
    `the keyspace is not healthy:\n${found.map(({ check, problem }) => `${check}: ${problem}`).join("\n")}`,
  );
}
