import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { CallsConnection } from "./signals.ts";
import { type CallsEvent, type CallsState, me } from "./state.ts";

interface Outcomes {
  /** The server knows the person, in each session anew. */
  came(): void;
  /** Trying again would not help. */
  refused(notice: string): void;
}

/** Tells the server that the person is online; the client goes on trying. */
export class Presence {
  readonly #connection: CallsConnection;
  readonly #store: Store<CallsState, CallsEvent>;
  readonly #on: Outcomes;
  #attempt = 0;

  constructor(connection: CallsConnection, store: Store<CallsState, CallsEvent>, on: Outcomes) {
    this.#connection = connection;
    this.#store = store;
    this.#on = on;
  }

  async goOnline(): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const myself = me(this.#store.get());
    if (!myself) return;
    const isWanted = () => attempt === this.#attempt && me(this.#store.get()) === myself;
    const reply = await this.#connection.deliver("user-joined", [myself], isWanted);
    if (!reply || !isWanted()) return;
    if (!reply.ok) return this.#on.refused(reasonText(reply.error));
    this.#store.dispatch({ type: "came-online" });
    this.#on.came();
  }
}
