/** When tokens end that connections were opened with, to the second, with one timer for all of them. */
export class TokenExpiry<Bearer> {
  readonly #bearers = new Map<number, Map<Bearer, () => void>>();
  readonly #seconds = new Map<Bearer, number>();
  /** The first second that was not looked at. */
  #next: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param at Unix time in seconds (the claim `exp`)
   * @param expired called once, within a second after that, unless it is forgotten before
   */
  watch(bearer: Bearer, at: number, expired: () => void): void {
    this.forget(bearer);
    const now = secondsNow();
    const second = Math.max(Math.ceil(at), now);
    this.#next = Math.min(this.#next ?? now, now); // the clock may have been put back
    const others = this.#bearers.get(second) ?? new Map<Bearer, () => void>();
    this.#bearers.set(second, others.set(bearer, expired));
    this.#seconds.set(bearer, second);
    this.#timer ??= this.#later();
  }

  forget(bearer: Bearer): void {
    const second = this.#seconds.get(bearer);
    if (second === undefined) return;
    this.#seconds.delete(bearer);
    const others = this.#bearers.get(second);
    others?.delete(bearer);
    if (others?.size === 0) this.#bearers.delete(second);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#bearers.clear();
    this.#seconds.clear();
  }

  /** Looks again when the next second begins; no longer wait is needed, and a timer could not be set for one of a month. */
  #later(): NodeJS.Timeout {
    return setTimeout(() => this.#endDue(), 1000 - (Date.now() % 1000)).unref();
  }

  #endDue(): void {
    const now = secondsNow();
    for (let second = this.#next ?? now; second <= now; second += 1) this.#end(second);
    const isIdle = this.#seconds.size === 0;
    this.#next = isIdle ? undefined : now + 1;
    this.#timer = isIdle ? undefined : this.#later();
  }

  #end(second: number): void {
    const expired = this.#bearers.get(second);
    this.#bearers.delete(second);
    for (const [bearer, notify] of expired ?? []) {
      this.#seconds.delete(bearer);
      notify();
    }
  }
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
