import type { CommandError } from "@switchyard/client";
import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { MatchConnection } from "./signals.ts";
import { currentMatch, type MatchEvent, type MatchState } from "./state.ts";

/** Asks for the person's place in the match; the client goes on asking. */
export class Registration {
  readonly #connection: MatchConnection;
  readonly #store: Store<MatchState, MatchEvent>;
  readonly #onRefused: (notice: string) => void;

  /** @param onRefused called when asking again would not help */
  constructor(connection: MatchConnection, store: Store<MatchState, MatchEvent>, onRefused: (notice: string) => void) {
    this.#connection = connection;
    this.#store = store;
    this.#onRefused = onRefused;
  }

  /** The event `joined` says that it has worked. */
  async register(): Promise<void> {
    const place = this.#place();
    if (!place) return;
    const reply = await this.#connection.deliver("register", [place], () => this.#place() === place);
    if (reply?.ok === false && this.#place() === place) this.#onRefused(reasonText(reply.error));
  }

  /** It was refused for now. */
  refused(error: CommandError): void {
    if (error.code === "match_full") this.#store.dispatch({ type: "full" });
    else this.#store.dispatch({ type: "noticed", notice: reasonText(error) });
  }

  #place() {
    return currentMatch(this.#store.get())?.place ?? null;
  }
}
