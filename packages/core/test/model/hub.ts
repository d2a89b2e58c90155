import type { SessionId } from "@switchyard/protocol";
import { keys, readOutboxMessage } from "@switchyard/store";
import type { Held } from "./held.ts";
import type { Redis } from "./redis.ts";

/** The sessions' channels, as all nodes hear them: what was published waits until a node gets to it. */
export class Hub {
  readonly #subscriber: Redis;
  readonly #subscribers = new Map<string, Set<Held>>();

  constructor(subscriber: Redis) {
    this.#subscriber = subscriber;
    subscriber.on("smessage", this.#onMessage);
  }

  /** Everyone who holds a session, also connections that were replaced and don't know yet. */
  get held(): Held[] {
    return [...this.#subscribers.values()].flatMap((subscribers) => [...subscribers]);
  }

  async listen(session: SessionId, held: Held): Promise<void> {
    const channel = keys.outbox(session);
    this.#subscribers.set(channel, (this.#subscribers.get(channel) ?? new Set()).add(held));
    await this.#subscriber.ssubscribe(channel);
  }

  leave(session: SessionId, held: Held): void {
    this.#subscribers.get(keys.outbox(session))?.delete(held);
  }

  /** Resolves when everything that was published has arrived. */
  async arrived(): Promise<void> {
    await this.#subscriber.ping();
  }

  async close(): Promise<void> {
    this.#subscriber.off("smessage", this.#onMessage);
    for (const channel of this.#subscribers.keys()) await this.#subscriber.sunsubscribe(channel);
  }

  readonly #onMessage = (channel: string, text: string) => {
    for (const held of this.#subscribers.get(channel) ?? []) held.undelivered.push(readOutboxMessage(text));
  };
}
