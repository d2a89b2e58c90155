import type { SessionId } from "@switchyard/protocol";
import { type Channels, keys, type Listener, readOutboxMessage } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * Who on this node hears which session's channel. While a client comes back, its old and its new connection can both be here, and
 * both hear the channel: that is how the old one learns that it was taken over.
 */
export class Hearing {
  readonly #channels: Channels;
  readonly #hearers = new Map<SessionId, { readonly sessions: Set<LocalSession>; readonly listener: Listener }>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** Resolves when nothing that is published from then on is missed. */
  async begin(session: LocalSession): Promise<void> {
    const { session: id } = session.participant;
    const heard = this.#hearers.get(id) ?? this.#add(id);
    heard.sessions.add(session);
    await this.#channels.listen(keys.outbox(id), heard.listener);
  }

  async end(session: LocalSession): Promise<void> {
    const { session: id } = session.participant;
    const heard = this.#hearers.get(id);
    if (!heard?.sessions.delete(session) || heard.sessions.size > 0) return;
    this.#hearers.delete(id);
    await this.#channels.leave(keys.outbox(id), heard.listener);
  }

  #add(id: SessionId) {
    const sessions = new Set<LocalSession>();
    const listener: Listener = (text) => {
      const message = readOutboxMessage(text);
      for (const session of sessions) session.receive(message);
    };
    const heard = { sessions, listener };
    this.#hearers.set(id, heard);
    return heard;
  }
}
