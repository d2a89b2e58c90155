import type { Ack } from "@switchyard/client-types";
import { CommandError } from "./command-error.ts";
import type { OpeningEvent } from "./dialect.ts";
import type { Gate } from "./gate.ts";

/** When to ask again where the server does not say. */
const AGAIN_MS = 3000;

interface OpeningParts {
  gate: Gate;
  /** Sends an event; rejects if the connection broke before the answer. */
  emit(event: string, content: object): Promise<Ack>;
  /** @param error null: it was taken */
  onAnswer(error: CommandError | null): void;
}

/** The event by which a session begins in its dialect: sent in each new session, until it is no longer in effect. */
export class Opening {
  readonly #parts: OpeningParts;
  #event: OpeningEvent | undefined;
  #isWanted: boolean;
  /** Whether the present session was opened. */
  #isOpened = false;
  #isConnected = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(event: OpeningEvent | undefined, parts: OpeningParts) {
    this.#event = event;
    this.#isWanted = event !== undefined;
    this.#parts = parts;
  }

  /** Whether it is in effect, or to be. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** @param event what is sent from now on; by default what was sent before */
  want(event: OpeningEvent | undefined = this.#event): void {
    this.#event = event;
    this.#isWanted = event !== undefined;
    this.#isOpened = false;
    if (this.#isConnected) void this.#send();
  }

  /** An event has the same effect in a session that was opened before. @returns whether the opening event was sent in its place */
  wantAgain(): boolean {
    this.#isWanted = this.#event !== undefined;
    if (this.#isOpened || !this.#isWanted) return false;
    this.want();
    return true;
  }

  /** It is in effect all the same: the session was not left. */
  keep(): void {
    this.#isWanted = this.#event !== undefined;
  }

  /** It is no longer in effect. */
  forget(): void {
    this.#isWanted = false;
    clearTimeout(this.#again);
    if (this.#isConnected) this.#parts.gate.open();
  }

  /** @param recovered whether the session is the one of before */
  connected(recovered: boolean): void {
    this.#isConnected = true;
    if (!recovered) this.#isOpened = false;
    if (this.#isWanted && !this.#isOpened) void this.#send();
    else this.#parts.gate.open();
  }

  disconnected(): void {
    this.#isConnected = false;
    clearTimeout(this.#again);
    this.#parts.gate.shut();
  }

  async #send(): Promise<void> {
    const event = this.#event;
    if (!event) return;
    const { gate, emit, onAnswer } = this.#parts;
    clearTimeout(this.#again);
    gate.shut();
    const answer = await emit(event.event, event.content).catch(() => null);
    if (event !== this.#event || !this.#isWanted || !this.#isConnected) return;
    if (answer?.ok) {
      this.#isOpened = true;
      onAnswer(null);
      return gate.open();
    }
    if (!answer) return this.#sendLater(AGAIN_MS);
    const error = new CommandError(answer.error);
    onAnswer(error);
    gate.refuse(error);
    if (error.retryable) this.#sendLater(error.retryAfterMs ?? AGAIN_MS);
  }

  #sendLater(afterMs: number): void {
    this.#again = setTimeout(() => void this.#send(), afterMs);
  }
}
