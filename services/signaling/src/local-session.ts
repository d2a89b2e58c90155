import type { Participant } from "@switchyard/core";
import type { MissedEvent, OutboxMessage } from "@switchyard/store";
import type { Connection } from "./connection.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * A session that this node holds. Hands on what comes on the session's channel, by number: what it has had it drops, and where a
 * number is missing it holds everything back until the gap was filled from Redis.
 */
export class LocalSession {
  readonly participant: Participant;
  readonly turnstile = new Turnstile();
  /** Gone elsewhere, ended or detached: nothing of it matters here any more. */
  released = false;
  /** Its client has said goodbye: it ends when its turn comes, and can't be taken over. */
  leaving = false;
  #connection: Connection | undefined;
  #lastNumber: number;
  #heldBack: OutboxMessage[] | undefined = [];
  readonly #onGap: (session: LocalSession) => void;
  readonly #onTakenOver: (session: LocalSession) => void;

  /**
   * Holds everything back until `goOn`.
   * @param lastNumber the last event that the client has had
   */
  constructor(participant: Participant, lastNumber: number, hooks: LocalSessionHooks) {
    this.participant = participant;
    this.#lastNumber = lastNumber;
    this.#onGap = hooks.onGap;
    this.#onTakenOver = hooks.onTakenOver;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** From now on events go to this connection: first what the client has missed, then what was held back. */
  goOn(connection: Connection, missed: readonly MissedEvent[]): void {
    this.#connection = connection;
    connection.expect(missed);
    this.fill(missed);
  }

  /** A message of the session's channel. */
  receive(message: OutboxMessage): void {
    if (this.#heldBack) this.#heldBack.push(message);
    else this.#handle(message);
  }

  /** Holds back what comes, while somebody asks Redis what was missed. */
  holdBack(): void {
    this.#heldBack ??= [];
  }

  /** What was missed, in order; then what was held back, and on. */
  fill(missed: readonly MissedEvent[]): void {
    for (const { number, packet } of missed) this.#pass(number, packet);
    this.#letGo();
  }

  #letGo(): void {
    const messages = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const message of messages) this.receive(message);
  }

  #handle(message: OutboxMessage): void {
    const { number, control, packet } = message;
    if (number > this.#lastNumber + 1) {
      this.#heldBack = [message];
      return this.#onGap(this);
    }
    if (control && "epoch" in control) {
      if (control.epoch > this.participant.epoch) this.#onTakenOver(this);
      return;
    }
    if (number !== 0 && number <= this.#lastNumber) return;
    if (control) this.participant.apply(control);
    if (number !== 0) this.#pass(number, packet);
  }

  #pass(number: number, packet: string): void {
    if (number <= this.#lastNumber) return;
    this.#lastNumber = number;
    this.#connection?.sendNumbered(packet, number);
  }
}

export interface LocalSessionHooks {
  /** A number is missing: find out what, and `fill` it. */
  readonly onGap: (session: LocalSession) => void;
  /** Another connection resumed the session. */
  readonly onTakenOver: (session: LocalSession) => void;
}
