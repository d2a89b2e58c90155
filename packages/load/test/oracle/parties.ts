import { Watch } from "../../src/oracle/watch.ts";

/** A user whose connection a test decides about. */
export class TestParty {
  readonly index: number;
  readonly name: string;
  isConnected = true;
  heardAt = 0;

  constructor(index: number) {
    this.index = index;
    this.name = `user ${index}`;
  }
}

export const GRACE_MS = 8000;
export const PATIENCE_MS = 10_000;

/** The oracles of a run that began at 0, and some users of it. */
export function watchOf(users: number) {
  const watch = new Watch({ graceMs: GRACE_MS, patienceMs: PATIENCE_MS, startedAt: 0 });
  const parties = Array.from({ length: users }, (_, index) => new TestParty(index));
  for (const party of parties) watch.add(party);
  return { watch, party: (index: number) => parties[index] ?? new TestParty(index) };
}

/** Kinds of what was found, in order. */
export function foundBy({ violations }: Watch): string[] {
  return violations.described.map(({ kind }) => kind);
}
