import type { SessionId } from "@switchyard/protocol";

interface QueuedSend {
  readonly at: number;
  readonly send: () => Promise<void>;
}

/**
 * The way to one peer. As long as it is known, what goes there is sent at once, each without waiting for the one before. When it turns
 * out to be wrong, what was refused and what came since take the detour one by one, in the order in which they came.
 */
export class PeerRoute {
  /** The session by which the peer was last reached; set by the code that reached it. */
  session: SessionId | undefined;
  #count = 0;
  #direct = 0;
  #lookingUp = false;
  readonly #queued: QueuedSend[] = [];

  /** Whether nothing is on its way, and no way is known. */
  get isIdle(): boolean {
    return this.session === undefined && this.#direct === 0 && !this.#lookingUp && this.#queued.length === 0;
  }

  /**
   * @param direct sends by the way that is known, before anything is awaited; whether that worked. `undefined`: none is known
   * @param lookUp finds the way, and sends; whether that worked
   * @returns whether it was sent
   */
  async send(direct: (() => Promise<boolean>) | undefined, lookUp: () => Promise<boolean>): Promise<boolean> {
    this.#count += 1;
    const at = this.#count;
    if (direct && this.#queued.length === 0 && !this.#lookingUp) {
      this.#direct += 1;
      try {
        if (await direct()) return true;
      } finally {
        this.#direct -= 1;
        if (this.#queued.length > 0) this.#sendNextSoon();
      }
    }
    return new Promise((resolve, reject) => {
      this.#enqueue({ at, send: () => lookUp().then(resolve, reject) });
      this.#sendNext();
    });
  }

  #enqueue(queued: QueuedSend): void {
    const after = this.#queued.findIndex(({ at }) => at > queued.at);
    this.#queued.splice(after < 0 ? this.#queued.length : after, 0, queued);
  }

  /** Waits until an event that was refused just now is queued: it came before those that are queued already. */
  #sendNextSoon(): void {
    queueMicrotask(() => this.#sendNext());
  }

  /** Nothing takes the detour while an earlier one may still turn out to be refused. */
  #sendNext(): void {
    if (this.#lookingUp || this.#direct > 0) return;
    const next = this.#queued.shift();
    if (!next) return;
    this.#lookingUp = true;
    void next.send().then(() => {
      this.#lookingUp = false;
      this.#sendNext();
    });
  }
}
