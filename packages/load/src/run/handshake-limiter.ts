export interface Arriving {
  /** @param at when it was due */
  arrive(at: number): void;
}

/**
 * Bounds the handshakes that are under way at once, of users that connect for the first time: a cluster is slow while
 * thousands connect, and clients that give up and try again would make it slower. A user that waits here arrived when it
 * was due, so its wait is part of its handshake.
 */
export class HandshakeLimiter {
  readonly #most: number;
  readonly #inside = new Set<Arriving>();
  #waiting: { readonly user: Arriving; readonly at: number }[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether everybody is through. */
  get isEmpty(): boolean {
    return this.#inside.size === 0 && this.#next === this.#waiting.length;
  }

  enter(user: Arriving, at: number): void {
    if (this.#inside.size < this.#most) this.#admit(user, at);
    else this.#waiting.push({ user, at });
  }

  /** It is connected, or its first attempt has failed; those after that are not bounded. */
  leave(user: Arriving): void {
    if (!this.#inside.delete(user)) return;
    const next = this.#waiting[this.#next];
    if (!next) return;
    this.#next += 1;
    this.#admit(next.user, next.at);
  }

  /** Nobody else is admitted. */
  close(): void {
    this.#waiting = [];
    this.#next = 0;
  }

  #admit(user: Arriving, at: number): void {
    this.#inside.add(user);
    user.arrive(at);
  }
}
