import type { Logger } from "@switchyard/runtime";
import type { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { Count, type Reported } from "./count.ts";
import { RecentMap } from "./recent-map.ts";

/** Logs once that limits can't be counted over the cluster, not for every event that they are asked about. */
export class Outage {
  readonly #logger: Logger;
  #isOn = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  noticed(error: unknown): void {
    if (!this.#isOn) this.#logger.warn({ err: error }, "Redis can't be asked: limits are counted by this node alone");
    this.#isOn = true;
  }

  over(): void {
    if (this.#isOn) this.#logger.info("limits are counted over the whole cluster again");
    this.#isOn = false;
  }
}

/** An HTTP request that is over a limit: status 429, `{ error, code: "rate_limited", retryAfterMs }` (RFC 6585). */
export class TooManyRequestsError extends Error {
  override readonly name = "TooManyRequestsError";
  /** The limit, as `limits_hit_total` names it. */
  readonly limit: string;
  readonly retryAfterMs: number;

  constructor(limit: string, retryAfterMs: number) {
    super("Too many requests; slow down.");
    this.limit = limit;
    this.retryAfterMs = Math.ceil(retryAfterMs);
  }
}

export interface AllowanceOptions {
  readonly points: number;
  /** How long a window lasts, in seconds. */
  readonly duration: number;
  /** The key of a subject, as the store spells it; by default subjects are named by their keys. */
  readonly keyOf?: (subject: string) => string;
}

/** So much for each subject and window, counted over the whole cluster. Subjects that are idle are forgotten. */
export class Allowance {
  readonly #limiter: RateLimiterRedis;
  readonly #counts: RecentMap<Count>;
  readonly #outage: Outage;

  constructor(redis: Redis, { points, duration, keyOf = (key) => key }: AllowanceOptions, outage: Outage) {
    this.#outage = outage;
    this.#limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix: "", points, duration });
    const durationMs = duration * 1000;
    const rules = { points, durationMs, report: (key: string, used: number) => this.#report(key, used) };
    this.#counts = new RecentMap(durationMs, (subject) => new Count(keyOf(subject), rules));
  }

  /** How many subjects this node remembers. */
  get remembered(): number {
    return this.#counts.size;
  }

  /**
   * Uses one point.
   * @returns 0 if it was there; else after how many ms it is. A promise only where Redis has to be asked first
   */
  take(subject: string, nowMs: number = performance.now()): number | Promise<number> {
    return this.#counts.get(subject, nowMs).take(nowMs);
  }

  /** After how many ms there are points again, as far as this node knows; 0: there are some. Asking uses nothing. */
  waitFor(subject: string, nowMs: number): number {
    return this.#counts.find(subject)?.waitAt(nowMs) ?? 0;
  }

  /** The use of one subject counts for another from now on. */
  move(from: string, to: string): void {
    const nowMs = performance.now();
    const used = this.#counts.find(from)?.drain(nowMs) ?? 0;
    if (used > 0) this.#counts.get(to, nowMs).add(used, nowMs);
  }

  async #report(key: string, used: number): Promise<Reported | undefined> {
    try {
      // adds without judging: the count decides what to do about it
      const { consumedPoints, msBeforeNext } = await this.#limiter.penalty(key, used);
      this.#outage.over();
      return { counted: consumedPoints, endsInMs: msBeforeNext };
    } catch (error) {
      this.#outage.noticed(error);
      return undefined;
    }
  }
}
