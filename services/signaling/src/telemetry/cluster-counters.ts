import type { CoreEventType, DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";

const FLUSH_EVERY_MS = 1000;

/** The counters of the whole cluster, by the event that stands for each. */
const counters: Partial<Record<CoreEventType, string>> = { said: "messages", signal: "signals" };

/** Gathers counts and adds them to the cluster's once a second, so that no message costs a command for being counted. */
export class ClusterCounters {
  readonly #store: Store;
  readonly #onFailure: (error: unknown) => void;
  #counts = new Map<DialectName, Map<string, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  begin(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
  }

  count(dialect: DialectName, type: CoreEventType): void {
    const counter = counters[type];
    if (counter === undefined) return;
    const counts = this.#counts.get(dialect) ?? new Map<string, number>();
    this.#counts.set(dialect, counts);
    counts.set(counter, (counts.get(counter) ?? 0) + 1);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Adds what was gathered; where Redis is away, that part of the figures is lost, and that is logged. */
  async flush(): Promise<void> {
    const counts = this.#counts;
    this.#counts = new Map();
    try {
      for (const [dialect, byCounter] of counts) {
        for (const [counter, by] of byCounter) await this.#store.presence.incrementCounter(dialect, counter, by);
      }
    } catch (error) {
      this.#onFailure(error);
    }
  }
}
