import type { Participant } from "@switchyard/core";
import type { MissedEvent, OutboxMessage } from "@switchyard/store";
import type { Connection } from "./page/page.ts";

interface HeldHooks {
  readonly onTakenOver: (held: Held) => void;
  readonly onEnded: (held: Held) => void;
}

/** A session that a node holds, and the way to its client. */
export class Held {
  readonly participant: Participant;
  readonly connection: Connection;
  /** Published, and not yet heard. */
  readonly undelivered: OutboxMessage[] = [];
  released = false;
  /** What it believes may not be true. */
  uncertain = false;
  lastNumber: number;
  readonly #hooks: HeldHooks;
  #heldBack: OutboxMessage[] | undefined = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(participant: Participant, connection: Connection, lastNumber: number, hooks: HeldHooks) {
    this.participant = participant;
    this.connection = connection;
    this.lastNumber = lastNumber;
    this.#hooks = hooks;
  }

  /** One task at a time, in the order they came. `task` must not reject. */
  inTurn(task: () => Promise<void>): void {
    this.#turn = this.#turn.then(task);
  }

  deliverAll(): void {
    while (this.undelivered.length > 0) this.deliver();
  }

  /** The next message of the session's channel. */
  deliver(): void {
    const message = this.undelivered.shift();
    if (!message) return;
    if (this.#heldBack) this.#heldBack.push(message);
    else this.#handle(message);
  }

  holdBack(): void {
    this.#heldBack ??= [];
  }

  /** What was missed, then what was held back, and on. */
  attach(missed: readonly MissedEvent[]): void {
    for (const { number, packet } of missed) this.#pass(number, packet);
    const messages = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const message of messages) this.#handle(message);
  }

  #handle({ number, control, packet }: OutboxMessage): void {
    if (this.released) return;
    if (control && "epoch" in control) {
      if (control.epoch <= this.participant.epoch) return;
      return control.ended ? this.#hooks.onEnded(this) : this.#hooks.onTakenOver(this);
    }
    if (number !== 0 && number <= this.lastNumber) return;
    if (control) this.participant.apply(control);
    if (number !== 0) this.#pass(number, packet);
  }

  #pass(number: number, packet: string): void {
    if (number <= this.lastNumber) return;
    this.lastNumber = number;
    if (!this.connection.open) return;
    if (packet === "") this.connection.page.passOver(number);
    else this.connection.page.receive(number, packet);
  }
}
