const RETRY_MS = 1000;
/** The shortest time between two lists, and what all lists of a dialect together may cost the cluster, in bytes a second. */
const LEAST_INTERVAL_MS = 1000;
const BYTES_PER_SECOND = 4_000_000;

/**
 * The time between two lists for everyone, in ms: at least a second, and longer the more receivers there are, so that the cost of a list
 * does not grow with their square.
 * @param bytes of one list
 */
export function intervalOfLists(bytes: number, receivers: number): number {
  return Math.max(LEAST_INTERVAL_MS, restAfterList(bytes, receivers));
}

/** How long one list keeps all lists within what they may cost, in ms; 0 for a small one to a few. */
export function restAfterList(bytes: number, receivers: number): number {
  return Math.round(((bytes * receivers) / BYTES_PER_SECOND) * 1000);
}

/**
 * Publishes something that changes often to everyone, in turns: Redis decides cluster-wide whose turn it is. A change during the pause
 * is published after it.
 */
export class Announcer {
  readonly #announce: () => Promise<number>;
  readonly #onFailure: (error: unknown) => void;
  #running = false;
  #changed = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param announce publishes it, if it is due; else resolves to the ms after which to ask again (0: nothing new) */
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
