import type { Redis } from "ioredis";

/** How much worse an old look at Redis's clock is taken to be, for each ms that has passed since: clocks drift apart. */
const DRIFT = 0.0001;

/**
 * Redis's clock, as seen from here. Every script takes the time as an argument, and all processes give it this one's, so no two
 * machines' clocks have to agree. Between two looks it runs on this process's monotonic clock.
 */
export class Clock {
  #offsetMs = Date.now() - performance.now();
  /** The look that tells most; its error is below `errorMs`, and grows. */
  #best = { offsetMs: this.#offsetMs, errorMs: Number.POSITIVE_INFINITY, at: 0 };

  /** Unix time in whole ms. */
  now(): number {
    return Math.round(performance.now() + this.#offsetMs);
  }

  /**
   * The same with fractions, by the look with the shortest round trip of late: to measure by, never to decide by.
   * @param at a reading of the monotonic clock
   */
  measured(at: number = performance.now()): number {
    return at + this.#best.offsetMs;
  }

  /** By how much `measured` may be off, in ms: half of that round trip, and what the clocks may have drifted since. */
  get errorMs(): number {
    return this.#errorAt(performance.now());
  }

  /** Looks at Redis's clock; half of the round trip is taken off. */
  async synchronize(redis: Redis): Promise<void> {
    const from = performance.now();
    const [seconds, microseconds] = await redis.time();
    const to = performance.now();
    this.#offsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (from + to) / 2;
    this.#judge(this.#offsetMs, (to - from) / 2, to);
  }

  /** A better look counts, and one that can't be true beside the best one: Redis's clock was set, or another Redis took over. */
  #judge(offsetMs: number, errorMs: number, at: number): void {
    const bestErrorMs = this.#errorAt(at);
    const contradicts = Math.abs(offsetMs - this.#best.offsetMs) > errorMs + bestErrorMs;
    if (errorMs <= bestErrorMs || contradicts) this.#best = { offsetMs, errorMs, at };
  }

  #errorAt(at: number): number {
    return this.#best.errorMs + DRIFT * (at - this.#best.at);
  }
}
