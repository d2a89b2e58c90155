import type { CoreEvent } from "@switchyard/protocol";
import type { Context } from "../context.ts";

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

/** Tells everyone in a dialect how many they are, when that has changed, at most once a second cluster-wide. */
export class PopulationAnnouncer extends Announcer {
  constructor(context: Context, onFailure: (error: unknown) => void) {
    const { store, dialect } = context;
    super(async () => {
      const turn = await store.presence.toAnnounce(dialect);
      if ("waitMs" in turn) return turn.waitMs;
      await publish(context, { type: "population", count: turn.count });
      return 0;
    }, onFailure);
  }
}

/** The shortest time between two lists, and what all lists together may cost the cluster, in bytes a second. */
const LEAST_INTERVAL_MS = 1000;
const BYTES_PER_SECOND = 4_000_000;

/**
 * Tells everyone in a dialect who is there by name, when that has changed: at most once a second cluster-wide, and less often the more
 * there are to be told, so that what it costs does not grow with their square.
 */
export class NamesAnnouncer extends Announcer {
  constructor(context: Context, onFailure: (error: unknown) => void) {
    const { online } = context.store;
    const listed = context.onlineRules?.listed ?? 0;
    let intervalMs = LEAST_INTERVAL_MS;
    super(async () => {
      const turn = await online.toAnnounce(context.dialect, intervalMs, listed);
      if ("waitMs" in turn) return turn.waitMs;
      intervalMs = intervalFor(turn.names, turn.total);
      await publish(context, { type: "names", names: turn.names, total: turn.total });
      await online.announced(context.dialect, turn);
      return 0;
    }, onFailure);
  }
}

/** Publishes an event on the channel of everyone connected in the dialect. */
async function publish({ store, dialect, render }: Context, event: CoreEvent): Promise<void> {
  const packet = render(event);
  if (packet) await store.presence.publish(dialect, packet.text);
}

/** How long to wait until the next list, in ms. */
function intervalFor(names: readonly string[], receivers: number): number {
  const bytes = names.reduce((sum, name) => sum + name.length + 3, 0) * receivers;
  return Math.max(LEAST_INTERVAL_MS, Math.round((bytes / BYTES_PER_SECOND) * 1000));
}
