import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { RoomsSocket } from "./signals.ts";
import type { RoomsEvent, RoomsState } from "./state.ts";

const RETRY_MS = 2000;

/** Asks to be let into the room, and goes on asking while the person wants to be in it. */
export class JoinRequest {
  readonly #socket: RoomsSocket;
  readonly #store: Store<RoomsState, RoomsEvent>;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: RoomsSocket, store: Store<RoomsState, RoomsEvent>) {
    this.#socket = socket;
    this.#store = store;
  }

  /** The event `joined-room` says that it has worked. */
  async ask(): Promise<void> {
    this.stop();
    const place = this.#place();
    if (!place || !this.#socket.connected) return;
    const reply = await this.#socket.emitWithAck("join-room", place).catch(() => null);
    if (!reply || reply.ok || this.#place() !== place) return;
    const { code, retryable, retryAfterMs } = reply.error;
    const notice = reasonText(reply.error);
    if (retryable && code !== "room_full") {
      this.#store.dispatch({ type: "noticed", notice });
      this.#again = setTimeout(() => this.ask(), retryAfterMs ?? RETRY_MS);
    } else {
      this.#store.dispatch({ type: "left", notice });
    }
  }

  stop(): void {
    clearTimeout(this.#again);
  }

  #place() {
    const { meeting } = this.#store.get();
    return meeting && meeting.stage !== "asking" ? meeting.place : null;
  }
}
