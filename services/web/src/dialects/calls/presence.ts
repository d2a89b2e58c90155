import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { CallsSocket } from "./signals.ts";
import { type CallsEvent, type CallsState, me } from "./state.ts";

const RETRY_MS = 2000;

interface Outcomes {
  /** The server knows the person, on each connection anew. */
  came(): void;
  /** Trying again would not help. */
  refused(notice: string): void;
}

/** Tells the server that the person is online, and goes on trying while the person wants to be. */
export class Presence {
  readonly #socket: CallsSocket;
  readonly #store: Store<CallsState, CallsEvent>;
  readonly #on: Outcomes;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: CallsSocket, store: Store<CallsState, CallsEvent>, on: Outcomes) {
    this.#socket = socket;
    this.#store = store;
    this.#on = on;
  }

  async goOnline(): Promise<void> {
    this.stop();
    const myself = me(this.#store.get());
    if (!myself || !this.#socket.connected) return;
    const reply = await this.#socket.emitWithAck("user-joined", myself).catch(() => null);
    if (!reply || me(this.#store.get()) !== myself) return;
    if (reply.ok) {
      this.#store.dispatch({ type: "came-online" });
      this.#on.came();
    } else if (reply.error.retryable) {
      this.#store.dispatch({ type: "noticed", notice: reasonText(reply.error) });
      this.#again = setTimeout(() => this.goOnline(), reply.error.retryAfterMs ?? RETRY_MS);
    } else {
      this.#on.refused(reasonText(reply.error));
    }
  }

  stop(): void {
    clearTimeout(this.#again);
  }
}
