import { setTimeout as wait } from "node:timers/promises";
import { type FoundKey, gentle, type ScanPace } from "@switchyard/store/inspection";
import type { Check, Finding, KeyRef } from "./check.ts";
import { checks as allChecks } from "./checks.ts";
import { type ExaminedCluster, Snapshot, type Timing } from "./snapshot.ts";

export interface ExamineScope {
  readonly pace?: ScanPace;
  readonly checks?: readonly Check[];
}

export interface ExamineOptions extends ExamineScope {
  /** How long what looks wrong is given to pass before it is looked at again, in ms. */
  readonly confirmAfterMs: number;
  /** The pause before the last look, in ms; default: what a cluster at work needs. */
  readonly lastLookMs?: number;
}

/** Something that is wrong, and stayed so. */
export interface Diagnosed extends Finding {
  readonly check: string;
  /** The name of the key at which it was found. */
  readonly key: string;
}

export interface Diagnosis {
  /** How many keys were looked at. */
  readonly keys: number;
  /** How much seemed wrong at the first look. */
  readonly suspected: number;
  readonly findings: readonly Diagnosed[];
}

/** Something that seems wrong. */
export interface Suspicion {
  readonly check: Check;
  readonly key: KeyRef;
  readonly finding: Finding;
}

/** Keys that are looked at side by side. */
const SIDE_BY_SIDE = 50;
/**
 * The pause before the last look. A look is not one moment: who had not quite come at the first one, and is just going at the second,
 * can seem to be the same; three times in a row nobody does.
 */
const LAST_CHECK_MS = 200;

/**
 * Looks at every key, and twice more at what seems wrong, after a pause: only what is still there, unchanged, is wrong. A cluster at work
 * is full of things half done, and each of them has gone on, or is another one, by then.
 */
export async function examine(cluster: ExaminedCluster, options: ExamineOptions): Promise<Diagnosis> {
  const { keys, suspicions } = await suspect(cluster, options);
  const findings = await confirm(cluster, suspicions, options);
  return { keys, suspected: suspicions.length, findings };
}

/** Looks at every key once. A fault seen then may be a step under way; where none is seen, there is none. */
export async function suspect(
  cluster: ExaminedCluster,
  { pace = gentle, checks = allChecks }: ExamineScope = {},
): Promise<{ keys: number; suspicions: readonly Suspicion[] }> {
  const suspicions: Suspicion[] = [];
  let keys = 0;
  for await (const found of cluster.inspection.keyspace.scan(pace)) {
    const refs = found.filter(({ isJob }) => !isJob).map(keyRefOf);
    keys += found.length;
    for (let i = 0; i < refs.length; i += SIDE_BY_SIDE) {
      const snapshot = new Snapshot(cluster);
      const checked = refs.slice(i, i + SIDE_BY_SIDE).map((key) => runChecks(snapshot, key, checks));
      suspicions.push(...(await Promise.all(checked)).flat());
    }
  }
  return { keys, suspicions };
}

/** The suspicions that remain after the time that a step under way may take. */
async function confirm(
  cluster: ExaminedCluster,
  suspicions: readonly Suspicion[],
  { confirmAfterMs, lastLookMs = LAST_CHECK_MS }: ExamineOptions,
): Promise<readonly Diagnosed[]> {
  const seenAt = performance.now();
  const waitFor = ({ check }: Suspicion) => timeFor(check, cluster.timing, confirmAfterMs);
  const waits = [...new Set(suspicions.map(waitFor))].sort((one, other) => one - other);
  const confirmed: Diagnosed[] = [];
  for (const waitMs of waits) {
    await wait(Math.max(0, seenAt + waitMs - performance.now()));
    const due = suspicions.filter((one) => waitFor(one) === waitMs);
    const stayed = await recheck(cluster, due);
    if (stayed.length > 0) await wait(lastLookMs);
    for (const { check, key, finding } of await recheck(cluster, stayed)) {
      confirmed.push({ check: check.name, key: key.name, ...finding });
    }
  }
  return confirmed;
}

function timeFor({ patienceMs }: Check, timing: Timing, confirmAfterMs: number): number {
  return Math.max(confirmAfterMs, patienceMs?.(timing) ?? 0);
}

/** Those that are there still, in the same words. */
async function recheck(cluster: ExaminedCluster, suspicions: readonly Suspicion[]): Promise<Suspicion[]> {
  const snapshot = new Snapshot(cluster);
  const known = new Set(suspicions.map(idOf));
  const refs = new Map(suspicions.map((one) => [`${one.check.name} ${one.key.name}`, one]));
  const found: Suspicion[] = [];
  for (const { check, key } of refs.values()) found.push(...(await runChecks(snapshot, key, [check])));
  return found.filter((one) => known.has(idOf(one)));
}

async function runChecks(snapshot: Snapshot, key: KeyRef, checks: readonly Check[]): Promise<Suspicion[]> {
  const found: Suspicion[] = [];
  for (const check of checks.filter(({ begins }) => begins.includes(key.kind))) {
    try {
      for await (const finding of check.find(snapshot, key)) found.push({ check, key, finding });
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      found.push({ check, key, finding: { problem: `${key.name} can't be read: ${error.message}` } });
    }
  }
  return found;
}

/** Whether a key's content is not what belongs there: another type of key, or text that is no JSON. */
function isUnreadable(error: unknown): error is Error {
  if (error instanceof SyntaxError || error instanceof TypeError) return true;
  return error instanceof Error && error.message.startsWith("WRONGTYPE");
}

function idOf({ check, key, finding }: Suspicion): string {
  return `${check.name} ${key.name} ${finding.problem}`;
}

function keyRefOf({ name, known }: FoundKey): KeyRef {
  return { name, kind: known?.kind ?? "unknown", ids: known?.ids ?? [] };
}
