/** Something that was done to the cluster during a run. Reports call them faults. */
export interface Mark {
  /** From the begin of the run. */
  readonly atMs: number;
  /** A word, such as `kill`. */
  readonly kind: string;
  /** A sentence for people. */
  readonly text: string;
}

/** The marks of a run, in order. They come from faults that are injected meanwhile. */
export class Marks {
  readonly #all: Mark[] = [];
  #startedAt = performance.now();

  get all(): readonly Mark[] {
    return this.#all;
  }

  /** The run begins now: times are counted from here. */
  begin(): void {
    this.#startedAt = performance.now();
  }

  add(kind: string, text: string): void {
    this.#all.push({ atMs: performance.now() - this.#startedAt, kind, text });
  }
}
