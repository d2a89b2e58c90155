import { type KeyDescription, keyTable } from "../key-table.ts";
import { JOBS_PREFIX, keys } from "../keys.ts";

export type KeyKind = keyof typeof keys;

/** The parts of a key's name: its kind, and the ids in it, decoded. */
export interface KnownKey {
  readonly kind: KeyKind;
  readonly ids: readonly string[];
}

/** The prefix of all keys. */
export const KEY_PREFIX = "sy:";

/** Kinds that Redis itself removes: such a key without a lifetime stays for ever. */
export const expiringKinds: readonly KeyKind[] = [
  "userMet",
  "limitOf",
  "limitOfUser",
  "addressConnections",
  "queueLeader",
  "reporter",
  "reportQuota",
  "feedDraft",
  "notice",
  "feedNotice",
  "accountVoids",
];

/** Each kind of key, with its name's pattern. */
const patterns = Object.entries<KeyDescription>(keyTable)
  .filter(([, { type }]) => type !== "channel")
  .map(([kind, { ids }]) => ({ kind: kind as KeyKind, pattern: patternOf(kind as KeyKind, ids) }));

/** Takes a key's name apart; `undefined` if no kind of key is called so. */
export function readKeyName(name: string): KnownKey | undefined {
  for (const { kind, pattern } of patterns) {
    const found = pattern.exec(name);
    if (found) return { kind, ids: found.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}

/** Whether a key is one of BullMQ's. */
export function isJobKey(name: string): boolean {
  return name.startsWith(`${JOBS_PREFIX}:`);
}

/** The name that the key's own function makes of placeholders, as a pattern with a group for each. */
function patternOf(kind: KeyKind, ids: readonly string[]): RegExp {
  const make = keys[kind] as (...ids: readonly string[]) => string;
  const name = make(...ids.map((_, i) => `id${i}id`));
  const literal = name.replace(/[{}]/g, "\\$&");
  return new RegExp(`^${literal.replace(/id(\d)id/g, (_, i) => groupFor(ids[Number(i)]))}$`);
}

/** The name of a room that clients name has its dialect before a colon. */
function groupFor(id: string | undefined): string {
  return id === "<room>" ? "([^{}:]*(?::[^{}:]*)?)" : "([^{}:]*)";
}
