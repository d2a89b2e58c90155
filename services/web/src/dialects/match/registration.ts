import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { MatchSocket } from "./signals.ts";
import { currentMatch, type MatchEvent, type MatchState } from "./state.ts";

/** When to ask again for a place in a match that is full, as the protocol has it. */
const FULL_RETRY_MS = 3000;
const RETRY_MS = 2000;

/** Asks for the person's place in the match, and goes on asking while the person wants it. */
export class Registration {
  readonly #socket: MatchSocket;
  readonly #store: Store<MatchState, MatchEvent>;
  readonly #onRefused: (notice: string) => void;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param onRefused called when asking again would not help */
  constructor(socket: MatchSocket, store: Store<MatchState, MatchEvent>, onRefused: (notice: string) => void) {
    this.#socket = socket;
    this.#store = store;
    this.#onRefused = onRefused;
  }

  /** The event `joined` says that it has worked. */
  async register(): Promise<void> {
    this.stop();
    const place = this.#place();
    if (!place || !this.#socket.connected) return;
    const reply = await this.#socket.emitWithAck("register", place).catch(() => null);
    if (!reply || reply.ok || this.#place() !== place) return;
    const { code, retryable, retryAfterMs } = reply.error;
    if (code === "match_full") this.#store.dispatch({ type: "full" });
    else if (retryable) this.#store.dispatch({ type: "noticed", notice: reasonText(reply.error) });
    else return this.#onRefused(reasonText(reply.error));
    this.#again = setTimeout(() => this.register(), code === "match_full" ? FULL_RETRY_MS : (retryAfterMs ?? RETRY_MS));
  }

  stop(): void {
    clearTimeout(this.#again);
  }

  #place() {
    return currentMatch(this.#store.get())?.place ?? null;
  }
}
