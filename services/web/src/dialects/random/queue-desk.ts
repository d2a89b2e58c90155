import type { Ack, Refusal } from "@switchyard/client-types";
import { deliver } from "../../shared/connection/deliver.ts";
import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomSocket } from "./signals.ts";
import { type RandomEvent, type RandomState, takesPart } from "./state.ts";

const RETRY_MS = 2000;

/** Enters the waiting queue for the person's choice, and goes on trying while the person wants to wait. */
export class QueueDesk {
  readonly #socket: RandomSocket;
  readonly #store: Store<RandomState, RandomEvent>;
  readonly #onEntered: () => void;
  #attempt = 0;

  /** @param onEntered called when the server has said that it knows the choice, on each connection anew */
  constructor(socket: RandomSocket, store: Store<RandomState, RandomEvent>, onEntered: () => void) {
    this.#socket = socket;
    this.#store = store;
    this.#onEntered = onEntered;
  }

  /** `join` waits for the connection, where it is sent anyway; `next` is kept by the socket until then. */
  async enter(event: "join" | "next"): Promise<void> {
    if (event === "join" && !this.#socket.connected) return;
    this.#attempt += 1;
    const attempt = this.#attempt;
    const reply = await this.#ask(event).catch(() => null);
    if (!reply || attempt !== this.#attempt) return;
    if (!reply.ok && event === "next" && reply.error.code === "not_joined") return this.enter("join");
    if (!reply.ok) return this.#onRefused(reply.error, attempt);
    this.#store.dispatch({ type: "joined" });
    this.#onEntered();
  }

  leave(): void {
    this.#attempt += 1;
    const attempt = this.#attempt;
    void deliver(
      () => this.#socket.emitWithAck("leave_queue", {}),
      () => attempt === this.#attempt,
    );
  }

  async #ask(event: "join" | "next"): Promise<Ack> {
    const { choice, userId } = this.#store.get();
    if (event === "next") return this.#socket.emitWithAck("next", {});
    if (!choice) throw new Error("Nothing has been chosen yet.");
    return this.#socket.emitWithAck("join", { userId, type: choice.type, preferences: choice.preferences });
  }

  #onRefused(refusal: Refusal, attempt: number): void {
    if (!takesPart(this.#store.get())) return;
    const notice = reasonText(refusal);
    if (refusal.retryable) {
      this.#store.dispatch({ type: "noticed", notice });
      const again = () => attempt === this.#attempt && takesPart(this.#store.get()) && this.enter("join");
      setTimeout(again, refusal.retryAfterMs ?? RETRY_MS);
    } else {
      this.#store.dispatch({ type: "left", notice });
    }
  }
}
