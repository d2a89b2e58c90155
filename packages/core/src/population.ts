import type { Context } from "./context.ts";

/**
 * Tells everyone in a dialect how many they are, when that has changed, at most once a second cluster-wide: Redis says whose turn
 * it is. A change that fell into the pause is told after it.
 */
export class Population {
  readonly #context: Context;
  readonly #onFailure: (error: unknown) => void;
  #running = false;
  #changed = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, onFailure: (error: unknown) => void) {
    this.#context = context;
    this.#onFailure = onFailure;
  }

  /** Somebody came or went. */
  changed(): void {
    this.#changed = true;
    if (!this.#stopped && !this.#running && this.#timer === undefined) void this.#announce();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #announce(): Promise<void> {
    this.#running = true;
    this.#timer = undefined;
    try {
      while (this.#changed) {
        this.#changed = false;
        const turn = await this.#context.store.presence.toAnnounce(this.#context.dialect);
        if ("count" in turn) await this.#context.wire.tell({ to: "lobby" }, { type: "population", count: turn.count });
        else if (turn.waitMs > 0) return this.#later(turn.waitMs);
      }
    } catch (error) {
      this.#onFailure(error);
      return this.#later(1000);
    }
    this.#running = false;
  }

  #later(waitMs: number): void {
    this.#changed = true;
    this.#running = false;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#announce(), waitMs);
  }
}
