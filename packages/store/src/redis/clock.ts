import type { Redis } from "ioredis";

/** How much worse an old look at Redis's clock is taken to be, for each ms that has passed since: clocks drift apart. */
const DRIFT = 0.0001;

/**
 * Redis's clock, as seen from here. Every script takes the time as an argument, and all processes give it this one's, so no two
 * machines' clocks have to agree. It goes by the look with the shortest round trip of late, and from there by this process's monotonic
 * clock: a look during which the machine stood still would put it off by half of that time, and leases and graces with it.
 */
export class Clock {
  /** The look that tells most; its error is below `errorMs`, and grows. */
  #best = { offsetMs: Date.now() - performance.now(), errorMs: Number.POSITIVE_INFINITY, at: 0 };

  /** Unix time in whole ms. */
  now(): number {
    return Math.round(this.measured());
  }

  /**
   * The same with fractions.
   * @param at a reading of the monotonic clock
   */
  measured(at: number = performance.now()): number {
    return at + this.#best.offsetMs;
  }

  /** By how much the time may be off, in ms: half of that round trip, and what the clocks may have drifted since. */
  get errorMs(): number {
    return this.#errorAt(performance.now());
  }

  /** Looks at Redis's clock; half of the round trip is taken off. */
  async synchronize(redis: Redis): Promise<void> {
    const from = performance.now();
    const [seconds, microseconds] = await redis.time();
    const to = performance.now();
    const offsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (from + to) / 2;
    this.#judge(offsetMs, (to - from) / 2, to);
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
