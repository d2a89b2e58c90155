import { setTimeout as wait } from "node:timers/promises";
import { checks, examine, suspect, type Timing } from "@switchyard/doctor";
import { mastersOf, type Store } from "@switchyard/store";
import { openInspection } from "@switchyard/store/inspection";
import type { Redis } from "ioredis";

/** Time within which all work in progress must end, and dead nodes be cleared up after. */
const REST_MS = 20_000;
const CHECK_EVERY_MS = 50;
const CONFIRM_AFTER_MS = 250;
/** Nobody else is on such a Redis. */
const pace = { count: 1000, pauseMs: 0 };
/** The checks that hold even with unfinished work. */
const lasting = checks.filter(({ name }) => ["lifetimes", "unknown-keys"].includes(name));

/** A Redis that services, or tests, use. */
export interface ExaminedRedis {
  readonly redis: Redis;
  readonly store: Store;
}

/**
 * Examines all keys, as `sy doctor` does. Where nothing even seems wrong, one look is enough, and so it is wherever
 * nobody does anything: so it takes as long as the last step in progress. Keys that never seem right are examined as on
 * a busy cluster.
 * @throws Error naming all that stayed wrong
 */
export async function expectHealthy(examined: ExaminedRedis, timing: Timing): Promise<void> {
  const parts = doctorPartsOf(examined, timing);
  const deadline = performance.now() + REST_MS;
  while (performance.now() < deadline) {
    const { suspicions } = await suspect(parts, { pace });
    if (suspicions.length === 0) return;
    await wait(CHECK_EVERY_MS);
  }
  const { findings } = await examine(parts, { confirmAfterMs: CONFIRM_AFTER_MS, pace });
  throwIfAny(findings);
}

/**
 * The same of a Redis on which tests carry out single steps: there is no key that the key table does not know, and what nobody owns has
 * a lifetime.
 * @throws Error naming the keys
 */
export async function expectKnownKeys(examined: ExaminedRedis): Promise<void> {
  const { suspicions } = await suspect(doctorPartsOf(examined, { leaseMs: 0, sweepMs: 0 }), { pace, checks: lasting });
  throwIfAny(suspicions.map(({ check, finding }) => ({ check: check.name, ...finding })));
}

function doctorPartsOf({ redis, store }: ExaminedRedis, timing: Timing) {
  return { store, inspection: openInspection(redis, () => mastersOf(redis)), timing };
}

function throwIfAny(found: readonly { readonly check: string; readonly problem: string }[]): void {
  if (found.length === 0) return;
  throw new Error(
    `the keyspace is not healthy:\n${found.map(({ check, problem }) => `${check}: ${problem}`).join("\n")}`,
  );
}
