/** More kinds than that at once are all logged. */
const MOST_KINDS = 100;

interface Kind {
  readonly loggedAt: number;
  suppressed: number;
}

/** Logs each kind of error once in a while, however often it happens: while Redis is away every event of every client fails alike. */
export class RepeatedErrors {
  readonly #kinds = new Map<string, Kind>();
  readonly #standsForMs: number;

  /** @param standsForMs how long an error that was logged stands for all that are like it */
  constructor(standsForMs = 1000) {
    this.#standsForMs = standsForMs;
  }

  /**
   * @param nowMs of the monotonic clock
   * @returns how many like it were not logged since the one that was; `undefined` if this one need not be logged either
   */
  notice(error: unknown, nowMs: number): number | undefined {
    const name = String(error);
    const known = this.#kinds.get(name);
    if (known && nowMs < known.loggedAt + this.#standsForMs) {
      known.suppressed += 1;
      return undefined;
    }
    if (this.#kinds.size >= MOST_KINDS) this.#kinds.clear();
    this.#kinds.set(name, { loggedAt: nowMs, suppressed: 0 });
    return known?.suppressed ?? 0;
  }
}
