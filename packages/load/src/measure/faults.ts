/** Something that was done to the connections or to the cluster during a run. */
export interface Fault {
  /** From the begin of the run. */
  readonly atMs: number;
  /** A word, such as `kill`. */
  readonly kind: string;
  /** A sentence for people. */
  readonly text: string;
}

/** Everything that was done during a run, in order: by the run itself, or noted from outside, with the clock of the run. */
export class Faults {
  readonly #all: Fault[] = [];
  #startedAt = performance.now();

  get all(): readonly Fault[] {
    return this.#all;
  }

  /** The run begins now: times are counted from here. */
  begin(): void {
    this.#startedAt = performance.now();
  }

  /** @param kind a word, by which reports group it */
  note(kind: string, text: string): void {
    this.#all.push({ atMs: performance.now() - this.#startedAt, kind, text });
  }
}
