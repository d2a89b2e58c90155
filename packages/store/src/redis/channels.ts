const RETRY_MS = 100;

/** A connection for nothing else: a Redis's own, or whatever stands for several. */
export interface Subscriber {
  readonly status: string;
  ssubscribe(channel: string): Promise<unknown>;
  sunsubscribe(channel: string): Promise<unknown>;
  on(event: "smessage", listener: (channel: string, message: string) => void): unknown;
  on(event: "ready", listener: () => void): unknown;
}

/** A subscriber of a channel. */
export type Listener = (message: string, channel: string) => void;

/**
 * Sharded pub/sub on a connection of its own. A subscription that has been awaited misses nothing that is published
 * after; after a lost connection, `onGap` is called once all are subscribed again, so that subscribers can reconcile.
 */
export class Channels {
  readonly #redis: Subscriber;
  readonly #listeners = new Map<string, Listener>();

  /** @param redis already connected; it does not resubscribe by itself, but is "ready" again when that can be done */
  constructor(redis: Subscriber, onGap: () => void) {
    this.#redis = redis;
    redis.on("smessage", (channel: string, message: string) => this.#listeners.get(channel)?.(message, channel));
    redis.on("ready", () => this.#subscribeAgain(onGap));
  }

  /** Whether messages can arrive now. */
  get ready(): boolean {
    return this.#redis.status === "ready";
  }

  async listen(channel: string, listener: Listener): Promise<void> {
    this.#listeners.set(channel, listener);
    await this.#redis.ssubscribe(channel);
  }

  /** Stops listening; nothing is heard from the moment of the call. */
  async leave(channel: string, listener: Listener): Promise<void> {
    if (this.#listeners.get(channel) !== listener) return; // somebody else listens by now
    this.#listeners.delete(channel);
    if (this.ready) await this.#redis.sunsubscribe(channel);
  }

  #subscribeAgain(onGap: () => void): void {
    const again = [...this.#listeners.keys()].map((channel) => this.#redis.ssubscribe(channel));
    Promise.all(again).then(onGap, () => {
      // lost again: the next "ready" will do it; or there, and not ready to serve yet (CLUSTERDOWN): nothing would tell when it is
      setTimeout(() => this.ready && this.#subscribeAgain(onGap), RETRY_MS);
    });
  }
}
