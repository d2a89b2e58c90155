import { type Acknowledged, reasonText } from "../error-text.ts";
import { randomUuid } from "../identity.ts";
import type { Conversation, WritingEvent } from "./conversation.ts";

interface OutboxOptions {
  /** The conversation as it is now; null where there is none. */
  lines(): Conversation | null;
  dispatch(event: WritingEvent): void;
  /** Rejects when the connection was lost before the acknowledgement came. */
  emit(text: string): Promise<Acknowledged>;
}

/**
 * Sends what the person writes, once and in order, also over a lost connection: what was not acknowledged is sent again only
 * after the server has given the events that were missed, since the message's own echo may be among them.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #held = true;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  send(text: string): void {
    this.#options.dispatch({ type: "wrote", key: randomUuid(), text, at: new Date().toISOString() });
    this.#send();
  }

  /** The connection was lost. */
  hold(): void {
    this.#held = true;
  }

  /** The connection is there, and everything that was missed has been received. */
  resume(): void {
    this.#held = false;
    this.#send();
  }

  #send(): void {
    const { lines, dispatch } = this.#options;
    if (this.#held) return;
    for (const { delivery, key, text } of lines() ?? []) {
      if (delivery !== "queued") continue;
      dispatch({ type: "settled", key, delivery: "sending", notice: null });
      void this.#deliver(key, text);
    }
  }

  async #deliver(key: string, text: string): Promise<void> {
    const reply = await this.#options.emit(text).catch(() => null);
    if (!reply) return;
    const notice = reply.ok ? null : reasonText(reply.error);
    this.#options.dispatch({ type: "settled", key, delivery: reply.ok ? "sent" : "failed", notice });
  }
}
