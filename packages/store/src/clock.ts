import type { Redis } from "ioredis";

/**
 * Redis's clock, as seen from here. Every script takes the time as an argument, and all processes give it this one's, so no two
 * machines' clocks have to agree. Between two looks it runs on this process's monotonic clock.
 */
export class Clock {
  #offsetMs = Date.now() - performance.now();

  /** Unix time in whole ms. */
  now(): number {
    return Math.round(performance.now() + this.#offsetMs);
  }

  /** Looks at Redis's clock; half of the round trip is taken off. */
  async synchronize(redis: Redis): Promise<void> {
    const from = performance.now();
    const [seconds, microseconds] = await redis.time();
    const to = performance.now();
    this.#offsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (from + to) / 2;
  }
}
