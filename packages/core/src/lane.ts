import type { SessionId } from "@switchyard/protocol";

interface Held {
  readonly at: number;
  readonly send: () => Promise<void>;
}

/**
 * The way to one peer. As long as it is known, what goes there is sent at once, each without waiting for the one before. When it turns
 * out to be wrong, what was refused and what came since take the detour one by one, in the order in which they came.
 */
export class Lane {
  /** By which session the peer was last reached; told by whoever reached it. */
  session: SessionId | undefined;
  #count = 0;
  #direct = 0;
  #detouring = false;
  readonly #held: Held[] = [];

  /** Whether nothing is on its way, and no way is known. */
  get isIdle(): boolean {
    return this.session === undefined && this.#direct === 0 && !this.#detouring && this.#held.length === 0;
  }

  /**
   * @param known sends by the way that is known, before anything is awaited; whether that worked. `undefined`: none is known
   * @param detour finds the way, and sends; whether that worked
   * @returns whether it was sent
   */
  async pass(known: (() => Promise<boolean>) | undefined, detour: () => Promise<boolean>): Promise<boolean> {
    this.#count += 1;
    const at = this.#count;
    if (known && this.#held.length === 0 && !this.#detouring) {
      this.#direct += 1;
      try {
        if (await known()) return true;
      } finally {
        this.#direct -= 1;
        if (this.#held.length > 0) this.#goOnSoon();
      }
    }
    return new Promise((resolve, reject) => {
      this.#hold({ at, send: () => detour().then(resolve, reject) });
      this.#goOn();
    });
  }

  #hold(held: Held): void {
    const after = this.#held.findIndex(({ at }) => at > held.at);
    this.#held.splice(after < 0 ? this.#held.length : after, 0, held);
  }

  /** What was refused just now is held first: it came before what is held already. */
  #goOnSoon(): void {
    queueMicrotask(() => this.#goOn());
  }

  /** Nothing takes the detour while an earlier one may still turn out to be refused. */
  #goOn(): void {
    if (this.#detouring || this.#direct > 0) return;
    const next = this.#held.shift();
    if (!next) return;
    this.#detouring = true;
    void next.send().then(() => {
      this.#detouring = false;
      this.#goOn();
    });
  }
}
