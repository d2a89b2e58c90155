/** For how long an error that was logged stands for all that are like it. */
const STANDS_FOR_MS = 1000;
/** More kinds than that at once are all logged. */
const MOST_KINDS = 100;

interface Kind {
  readonly loggedAt: number;
  suppressed: number;
}

/** Logs each kind of error once a second, however often it happens: while Redis is away every event of every client fails alike. */
export class RepeatedErrors {
  readonly #kinds = new Map<string, Kind>();

  /**
   * @param nowMs of the monotonic clock
   * @returns how many like it were not logged since the one that was; `undefined` if this one need not be logged either
   */
  notice(error: unknown, nowMs: number): number | undefined {
    const name = String(error);
    const known = this.#kinds.get(name);
    if (known && nowMs < known.loggedAt + STANDS_FOR_MS) {
      known.suppressed += 1;
      return undefined;
    }
    if (this.#kinds.size >= MOST_KINDS) this.#kinds.clear();
    this.#kinds.set(name, { loggedAt: nowMs, suppressed: 0 });
    return known?.suppressed ?? 0;
  }
}
