import type { CommandError } from "@switchyard/client";
import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomConnection } from "./signals.ts";
import { type RandomEvent, type RandomState, takesPart } from "./state.ts";

const RETRY_MS = 2000;

/** Enters the waiting queue for the person's choice; the client goes on trying while the person wants to wait. */
export class QueueDesk {
  readonly #connection: RandomConnection;
  readonly #store: Store<RandomState, RandomEvent>;
  readonly #onEntered: () => void;
  #attempt = 0;

  /** @param onEntered called when the server has said that it knows the choice, on each connection anew */
  constructor(connection: RandomConnection, store: Store<RandomState, RandomEvent>, onEntered: () => void) {
    this.#connection = connection;
    this.#store = store;
    this.#onEntered = onEntered;
  }

  /** `next` is sent once: should it be lost, `join` on the next connection shows it. */
  async enter(event: "join" | "next"): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isWanted = () => attempt === this.#attempt && takesPart(this.#store.get());
    const reply = await (event === "next" ? this.#connection.ask("next", {}) : this.#join(isWanted)).catch(() => null);
    if (!reply || attempt !== this.#attempt) return;
    if (!reply.ok && event === "next" && reply.error.code === "not_joined") return this.enter("join");
    if (!reply.ok) return this.#onRefused(reply.error, isWanted);
    this.#store.dispatch({ type: "joined" });
    this.#onEntered();
  }

  leave(): void {
    this.#attempt += 1;
    const attempt = this.#attempt;
    void this.#connection.deliver("leave_queue", [{}], () => attempt === this.#attempt);
  }

  /** It was refused for now. */
  refused(error: CommandError): void {
    if (takesPart(this.#store.get())) this.#store.dispatch({ type: "noticed", notice: reasonText(error) });
  }

  async #join(isWanted: () => boolean) {
    const { choice, userId } = this.#store.get();
    if (!choice) return null;
    const { type, preferences } = choice;
    return this.#connection.deliver("join", [{ userId, type, preferences }], isWanted);
  }

  #onRefused(error: CommandError, isWanted: () => boolean): void {
    if (!isWanted()) return;
    if (!error.retryable) return this.#store.dispatch({ type: "left", notice: reasonText(error) });
    this.refused(error);
    setTimeout(() => isWanted() && this.enter("join"), error.retryAfterMs ?? RETRY_MS);
  }
}
