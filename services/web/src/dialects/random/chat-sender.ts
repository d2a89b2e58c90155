import { errorText } from "../../shared/error-text.ts";
import { randomUuid } from "../../shared/identity.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomSocket } from "./session.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

/**
 * Sends what the person writes, once and in order, also over a lost connection: what was not acknowledged is sent again only
 * after the server has given the events that were missed, since the message's own echo may be among them.
 */
export class ChatSender {
  readonly #socket: RandomSocket;
  readonly #store: Store<RandomState, RandomEvent>;
  #held = false;

  constructor(socket: RandomSocket, store: Store<RandomState, RandomEvent>) {
    this.#socket = socket;
    this.#store = store;
  }

  say(text: string): void {
    this.#store.dispatch({ type: "wrote", key: randomUuid(), text, at: new Date().toISOString() });
    this.#send();
  }

  /** The connection was lost. */
  hold(): void {
    this.#held = true;
  }

  /** The connection is back, and everything that was missed has been received. */
  resume(): void {
    this.#held = false;
    this.#send();
  }

  #send(): void {
    const room = currentRoom(this.#store.get());
    if (!room || this.#held) return;
    for (const line of room.lines) {
      if (line.delivery !== "queued") continue;
      this.#store.dispatch({ type: "settled", key: line.key, delivery: "sending", notice: null });
      void this.#deliver(room.id, line.key, line.text);
    }
  }

  async #deliver(roomId: string, key: string, message: string): Promise<void> {
    const reply = await this.#socket.emitWithAck("send_message", { roomId, message }).catch(() => null);
    if (!reply) return;
    const notice = reply.ok ? null : errorText(reply.error.code, reply.error.message, reply.error.retryAfterMs);
    this.#store.dispatch({ type: "settled", key, delivery: reply.ok ? "sent" : "failed", notice });
  }
}
