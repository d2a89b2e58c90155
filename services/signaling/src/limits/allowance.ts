import type { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { Count, type Reported } from "./count.ts";
import type { Outage } from "./outage.ts";
import { RecentMap } from "./recent-map.ts";

export interface AllowanceOptions {
  readonly points: number;
  /** How long a window lasts, in seconds. */
  readonly duration: number;
}

/** So much for each subject and window, counted over the whole cluster. Subjects that are idle are forgotten. */
export class Allowance {
  readonly #limiter: RateLimiterRedis;
  readonly #counts: RecentMap<Count>;
  readonly #outage: Outage;

  constructor(redis: Redis, { points, duration }: AllowanceOptions, outage: Outage) {
    this.#outage = outage;
    this.#limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix: "", points, duration });
    const durationMs = duration * 1000;
    const rules = { points, durationMs, report: (key: string, used: number) => this.#report(key, used) };
    this.#counts = new RecentMap(durationMs, (key) => new Count(key, rules));
  }

  /** How many subjects this node remembers. */
  get remembered(): number {
    return this.#counts.size;
  }

  /**
   * Uses one point.
   * @param key the subject's, as the store spells it
   * @returns 0 if it was there; else after how many ms it is. A promise only where Redis has to be asked first
   */
  take(key: string): number | Promise<number> {
    const nowMs = performance.now();
    return this.#counts.get(key, nowMs).take(nowMs);
  }

  /** What one subject has used counts for another from now on. */
  move(from: string, to: string): void {
    const nowMs = performance.now();
    const used = this.#counts.find(from)?.drain(nowMs) ?? 0;
    if (used > 0) this.#counts.get(to, nowMs).add(used, nowMs);
  }

  async #report(key: string, used: number): Promise<Reported | undefined> {
    try {
      // adds without judging: what to do about it is the count's to say
      const { consumedPoints, msBeforeNext } = await this.#limiter.penalty(key, used);
      this.#outage.over();
      return { counted: consumedPoints, endsInMs: msBeforeNext };
    } catch (error) {
      this.#outage.noticed(error);
      return undefined;
    }
  }
}
