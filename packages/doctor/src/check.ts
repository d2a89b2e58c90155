import type { Cluster, Context } from "@switchyard/core";
import type { DialectName } from "@switchyard/protocol";
import type { KeyKind } from "@switchyard/store/inspection";
import type { Snapshot, Timing } from "./snapshot.ts";

/** A repair: the step of a node or a matchmaker for that fault, by the same use case, and as repeatable. */
export interface Remedy {
  /** Its effect, in words that continue "repair: ". */
  readonly description: string;
  readonly apply: (cluster: Cluster) => Promise<void>;
}

/** Something that should not be. Two findings with the same words are the same: so ids, epochs and numbers stand in them, and no ages. */
export interface Finding {
  readonly problem: string;
  /** `undefined`: nothing that is safe at any time puts it right. */
  readonly remedy?: Remedy | undefined;
}

/** A key, by its name. */
export interface KeyRef {
  readonly name: string;
  readonly kind: KeyKind | "unknown";
  readonly ids: readonly string[];
}

/** One thing that always holds, except for moments. */
export interface Check {
  readonly name: string;
  readonly rule: string;
  /** The kinds of keys at which it begins. */
  readonly begins: readonly KeyRef["kind"][];
  /** How long the cluster itself may take to put it right, in ms; 0 where nothing is to wait for but a step under way. */
  readonly patienceMs?: (timing: Timing) => number;
  find(snapshot: Snapshot, key: KeyRef): AsyncIterable<Finding>;
}

/** How many sweeps may pass before what they see to is called neglected. */
const SWEEPS = 4;

/** For faults that the sweep repairs. A node may have died during a step: the sweep repairs that when the lease has run out. */
export const sweptMs = ({ leaseMs, sweepMs }: Timing): number => leaseMs + SWEEPS * sweepMs;
/** For faults that a live node repairs when it compares its index with its sessions. */
export const reconciledMs = ({ leaseMs, sweepMs }: Timing): number => 2 * leaseMs + sweepMs;

/** @throws TypeError for a dialect that the cluster does not have */
export function contextOf({ contexts }: Cluster, dialect: DialectName | "" | undefined): Context {
  const context = dialect ? contexts.get(dialect) : undefined;
  if (!context) throw new TypeError(`there is no dialect "${dialect}"`);
  return context;
}

/** The findings among many, read a page at a time. */
export async function* among<T>(
  pages: AsyncIterable<readonly T[]>,
  examine: (one: T) => Promise<Finding | undefined>,
): AsyncGenerator<Finding> {
  for await (const page of pages) {
    for (const finding of await Promise.all(page.map(examine))) if (finding) yield finding;
  }
}
