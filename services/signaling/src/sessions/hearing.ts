import { type Channels, keys, type Listener, readOutboxMessage } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * Who on this node hears which session's channel. While a client comes back, its old and its new connection can both be here, and
 * both hear the channel: that is how the old one learns that it was taken over.
 */
export class Hearing {
  readonly #channels: Channels;
  readonly #hearers = new Map<string, readonly LocalSession[]>();
  readonly #listener: Listener = (text, channel) => {
    const message = readOutboxMessage(text);
    for (const session of this.#hearers.get(channel) ?? []) session.receive(message);
  };

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** Resolves when nothing that is published from then on is missed. */
  async begin(session: LocalSession): Promise<void> {
    const channel = keys.outbox(session.participant.session);
    this.#hearers.set(channel, [...(this.#hearers.get(channel) ?? []), session]);
    await this.#channels.listen(channel, this.#listener);
  }

  async end(session: LocalSession): Promise<void> {
    const channel = keys.outbox(session.participant.session);
    const hearers = this.#hearers.get(channel);
    if (!hearers?.includes(session)) return;
    const left = hearers.filter((hearer) => hearer !== session);
    if (left.length > 0) this.#hearers.set(channel, left);
    else {
      this.#hearers.delete(channel);
      await this.#channels.leave(channel, this.#listener);
    }
  }
}
