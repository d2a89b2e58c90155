const RETRY_MS = 1000;

/**
 * Tells everyone something that changes often, in turns: cluster-wide Redis says whose turn it is. A change that fell into the pause is
 * told after it.
 */
export class Announcer {
  readonly #announce: () => Promise<number>;
  readonly #onFailure: (error: unknown) => void;
  #running = false;
  #changed = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param announce tells it, if it is to be told now; else resolves to after how many ms to ask again (0: nothing new) */
  constructor(announce: () => Promise<number>, onFailure: (error: unknown) => void) {
    this.#announce = announce;
    this.#onFailure = onFailure;
  }

  /** Somebody came or went. */
  changed(): void {
    this.#changed = true;
    if (!this.#stopped && !this.#running && this.#timer === undefined) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#timer = undefined;
    try {
      while (this.#changed) {
        this.#changed = false;
        const waitMs = await this.#announce();
        if (waitMs > 0) return this.#later(waitMs);
      }
    } catch (error) {
      this.#onFailure(error);
      return this.#later(RETRY_MS);
    }
    this.#running = false;
  }

  #later(waitMs: number): void {
    this.#changed = true;
    this.#running = false;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#run(), waitMs);
  }
}
