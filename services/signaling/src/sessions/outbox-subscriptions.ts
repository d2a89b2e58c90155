import { type Channels, keys, type Listener, readOutboxMessage } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * The sessions on this node that receive each session's channel. While a client comes back, its old and its new connection can both be
 * here, and both receive the channel: that is how the old one learns that it was taken over.
 */
export class OutboxSubscriptions {
  readonly #channels: Channels;
  readonly #sessions = new Map<string, readonly LocalSession[]>();
  readonly #listener: Listener = (text, channel) => {
    const message = readOutboxMessage(text);
    for (const session of this.#sessions.get(channel) ?? []) session.receive(message);
  };

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** Resolves when nothing that is published from then on is missed. */
  async subscribe(session: LocalSession): Promise<void> {
    const channel = keys.outbox(session.participant.session);
    this.#sessions.set(channel, [...(this.#sessions.get(channel) ?? []), session]);
    await this.#channels.listen(channel, this.#listener);
  }

  async unsubscribe(session: LocalSession): Promise<void> {
    const channel = keys.outbox(session.participant.session);
    const sessions = this.#sessions.get(channel);
    if (!sessions?.includes(session)) return;
    const left = sessions.filter((other) => other !== session);
    if (left.length > 0) this.#sessions.set(channel, left);
    else {
      this.#sessions.delete(channel);
      await this.#channels.leave(channel, this.#listener);
    }
  }
}
