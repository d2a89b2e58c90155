/** The rules that all counts of one limit have in common. */
export interface CountRules {
  /** How much is allowed in a window. */
  readonly points: number;
  readonly durationMs: number;
  /** Counts for the whole cluster; `undefined` if Redis can't be asked. It must not reject. */
  readonly report: (key: string, points: number) => Promise<Reported | undefined>;
}

/** The cluster's count in the window that is running. */
export interface Reported {
  readonly counted: number;
  readonly endsInMs: number;
}

/** A node reports to the others what it let pass in portions of this part of the allowance … */
const PORTION = 1 / 20;
/** … and never lets more pass that they don't know of than this part. */
const UNREPORTED = 1 / 10;

/**
 * One subject's use of an allowance, as one node knows it. It decides by its own count and by the others' count as of its last report
 * to Redis; so most events cost Redis nothing. All nodes together let pass at most the allowance and, for each node,
 * a tenth of it: no node ever has more that it has not reported. Of an allowance so small that each event is a portion, each is reported
 * anyway, and waits for the answer: then no more than the allowance passes. A window is one of Redis's, fixed, from its first portion on.
 */
export class Count {
  readonly #key: string;
  readonly #rules: CountRules;
  #counted = 0;
  #endsAt = 0;
  #usedAt = 0;
  /** Let pass, and not reported yet. */
  #pending = 0;
  /** Being reported. */
  #sending = 0;
  #flushing: Promise<void> | undefined;
  /** Those that wait to be judged by the count that includes them, in order; each is pending. */
  #waiting: ((counted: number) => void)[] = [];

  constructor(key: string, rules: CountRules) {
    this.#key = key;
    this.#rules = rules;
  }

  /**
   * Uses one point.
   * @returns 0 if it was there; else after how many ms it is. A promise only where Redis has to be asked first
   */
  take(nowMs: number): number | Promise<number> {
    const { points } = this.#rules;
    this.#forget(nowMs);
    this.#usedAt = nowMs;
    const unreported = this.#pending + this.#sending;
    if (this.#counted >= points) return this.#endsAt - nowMs;
    if (points * PORTION < 1) return this.#takeOnceCounted();
    if (this.#counted + unreported < points && unreported < Math.floor(points * UNREPORTED)) {
      this.#pending += 1;
      this.#flushIfDue();
      return 0;
    }
    return this.#flush().then(() => this.take(performance.now()));
  }

  /** After how many ms there are points again; 0 unless the cluster's count is known to be full. */
  waitAt(nowMs: number): number {
    return this.#counted < this.#rules.points ? 0 : Math.max(0, this.#endsAt - nowMs);
  }

  /** Uses one point if the cluster's count, with this one in it, is within the allowance. */
  #takeOnceCounted(): Promise<number> {
    this.#pending += 1;
    const judged = new Promise<number>((resolve) => {
      this.#waiting.push((counted) =>
        resolve(counted <= this.#rules.points ? 0 : Math.max(1, this.#endsAt - performance.now())),
      );
    });
    void this.#flush();
    return judged;
  }

  /** How much of the window's allowance was used, as far as this node knows: to be counted elsewhere, and no longer here. */
  drain(nowMs: number): number {
    this.#forget(nowMs);
    const used = this.#counted + this.#pending + this.#sending;
    this.#counted = 0;
    this.#pending = 0;
    return used;
  }

  /** Counts what was let pass under another name. */
  add(points: number, nowMs: number): void {
    this.#forget(nowMs);
    this.#usedAt = nowMs;
    this.#pending += points;
    this.#flushIfDue();
  }

  #forget(nowMs: number): void {
    if (nowMs >= this.#endsAt) this.#counted = 0;
    if (nowMs - this.#usedAt >= this.#rules.durationMs) this.#pending = 0;
  }

  #flushIfDue(): void {
    const { points } = this.#rules;
    const portion = Math.max(1, Math.floor(points * PORTION));
    // a subject that is refused from now on shall have the whole allowance in the next window
    const isLast = this.#counted >= points && this.#pending > 0;
    if (this.#pending >= portion || isLast || this.#waiting.length > 0) void this.#flush();
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#report();
    return this.#flushing;
  }

  async #report(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#sending = this.#pending;
    this.#pending = 0;
    const reported = await this.#rules.report(this.#key, this.#sending);
    const nowMs = performance.now();
    if (reported) {
      const endsAt = nowMs + reported.endsInMs;
      // an answer that was long on its way puts the end too late: of two for one window the earlier one is nearer to it
      const isSameWindow = nowMs < this.#endsAt && reported.counted >= this.#counted;
      this.#endsAt = isSameWindow ? Math.min(this.#endsAt, endsAt) : endsAt;
      this.#counted = reported.counted;
    } else {
      if (nowMs >= this.#endsAt) {
        this.#counted = 0;
        this.#endsAt = nowMs + this.#rules.durationMs;
      }
      this.#counted += this.#sending; // as long as Redis is away every node goes by its own count
    }
    this.#sending = 0;
    this.#flushing = undefined;
    for (const [i, judge] of waiting.entries()) judge(this.#counted - (waiting.length - 1 - i));
    this.#flushIfDue();
  }
}
