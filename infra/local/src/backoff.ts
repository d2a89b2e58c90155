const FIRST_MS = 100;
const LONGEST_MS = 5000;
const HEALTHY_AFTER_MS = 10_000;

/** How long to wait before something that died is started again: longer each time, until it has lived for a while. */
export class Backoff {
  #nextMs = FIRST_MS;

  /** @param livedMs how long it lived this time */
  afterLifeOf(livedMs: number): number {
    if (livedMs >= HEALTHY_AFTER_MS) this.#nextMs = FIRST_MS;
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, LONGEST_MS);
    return waitMs;
  }
}
