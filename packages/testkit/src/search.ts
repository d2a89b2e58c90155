/** How long to look for a shorter counterexample, once there is one. */
const SHRINK_FOR_MS = 60_000;
/** For the fewest cases, on a machine that does much else. */
const SPARE_MS = 300_000;

export interface SearchOptions {
  /** How many cases are tried. */
  readonly cases: number;
  /** How long they may take; fewer are tried then. `PROPERTY_SECONDS` counts instead of both. */
  readonly seconds: number;
  /** As many are tried, however slow the machine is. */
  readonly leastCases: number;
  /** Another number looks elsewhere. `PROPERTY_SEED` counts more. */
  readonly seed?: number;
}

/**
 * A search for a case in which something that must hold does not: how far fast-check goes on. The cases are the same
 * each time, so that a change can be distinguished from chance.
 */
export class Search {
  /** For `fc.assert`. */
  readonly parameters: { readonly numRuns: number; readonly seed: number };
  /** How long a test may take that searches. */
  readonly timeoutMs: number;
  readonly #forMs: number;
  readonly #leastCases: number;

  constructor({ cases, seconds, leastCases, seed = 1 }: SearchOptions) {
    const wanted = process.env["PROPERTY_SECONDS"];
    this.#forMs = Number(wanted ?? seconds) * 1000;
    this.#leastCases = leastCases;
    this.parameters = {
      numRuns: wanted === undefined ? cases : Math.max(leastCases, this.#forMs), // none takes less than 1 ms
      seed: Number(process.env["PROPERTY_SEED"] ?? seed),
    };
    this.timeoutMs = this.#forMs + SHRINK_FOR_MS + SPARE_MS;
  }

  /**
   * The predicate of one search, from its first case on.
   * @param tryOne throws what does not hold
   */
  predicate<Case>(tryOne: (one: Case) => Promise<void>): (one: Case) => Promise<void> {
    let end: number | undefined;
    let failed = false;
    let tried = 0;
    return async (one) => {
      end ??= performance.now() + this.#forMs;
      if (performance.now() > end && (failed || tried >= this.#leastCases)) return;
      tried += 1;
      try {
        await tryOne(one);
      } catch (error) {
        if (!failed) end = performance.now() + SHRINK_FOR_MS;
        failed = true;
        throw error;
      }
    };
  }
}
