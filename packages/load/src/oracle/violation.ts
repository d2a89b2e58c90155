/** The kinds of violations that an oracle can find, and their meanings. */
export const violationKinds = {
  lost: "acknowledged and never received, although a later message of the same sender was",
  undelivered: "acknowledged, and never received by somebody who was there",
  doubled: "received twice",
  reordered: "received after a later message of the same sender",
  misdelivered: "received by a user outside of its conversation, as another sender's, or without having been sent",
  unanswered: "never acknowledged nor refused, although the connection lasted",
  "two-rooms": "a user in two rooms at once, or a third one in a pair",
  "half-paired": "one of a pair received the room, the other one never did",
  ghost: "a user that is gone, or is there once, and a list of its room has it, or has it twice",
  missing: "a user that is there, and a list of its room does not have it",
  unpaired: "two users wait although they fit",
  departed: "others received that a user is gone who was back in time",
} as const;

export type ViolationKind = keyof typeof violationKinds;
export const violationNames = Object.keys(violationKinds) as ViolationKind[];

export interface Violation {
  readonly kind: ViolationKind;
  /** One sentence. */
  readonly finding: string;
  /** The shortest sequence of events that shows it, one a line. */
  readonly events: readonly string[];
}

const DESCRIBED = 20;

/** All violations of a run: counted by kind, and the first of each kind in full. */
export class Violations {
  readonly described: Violation[] = [];
  readonly #counts = new Map<ViolationKind, number>();

  /** @param events is asked only for those that are described */
  add(kind: ViolationKind, finding: string, events: () => readonly string[]): void {
    const count = this.count(kind);
    this.#counts.set(kind, count + 1);
    if (count < DESCRIBED) this.described.push({ kind, finding, events: events() });
  }

  /** Adds what another process has found. */
  include(counts: Readonly<Record<ViolationKind, number>>, described: readonly Violation[]): void {
    for (const kind of violationNames) {
      const before = this.count(kind);
      const own = described.filter((one) => one.kind === kind);
      this.described.push(...own.slice(0, Math.max(0, DESCRIBED - before)));
      this.#counts.set(kind, before + counts[kind]);
    }
  }

  count(kind: ViolationKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
