import type { Participant } from "@switchyard/core";
import {
  type Control,
  entryNumberOf,
  type FeedOffset,
  type MissedEvent,
  type OutboxMessage,
  type PairSeat,
} from "@switchyard/store";
import type { FeedPacket } from "../telemetry/trail.ts";
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
  /** Another connection of its client has it; but what this one still says for good may have been on its way before. */
  overtaken = false;
  /** Its client has said goodbye: it ends when its turn comes, and can't be taken over. */
  leaving = false;
  #connection: Connection | undefined;
  #lastNumber: number;
  #heldBack: OutboxMessage[] | undefined = [];
  #place: string | undefined;
  readonly #hooks: LocalSessionHooks;

  /**
   * Holds everything back until `goOn`.
   * @param lastNumber the last event that the client has had
   */
  constructor(participant: Participant, lastNumber: number, hooks: LocalSessionHooks) {
    this.participant = participant;
    this.#lastNumber = lastNumber;
    this.#hooks = hooks;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The entry of the dialect's feed up to which it has been told; `undefined`: it doesn't follow it. */
  get place(): string | undefined {
    return this.#place;
  }

  /** It has been told of the feed up to that entry, by its client's own account or from the start on. */
  stand(place: string): void {
    this.#place = place;
  }

  /** The next entry of the feed; `false` if it is not the next, and something is to be caught up. */
  hear(entry: FeedPacket): boolean {
    const { id, number, except, packet } = entry;
    if (this.#place === undefined || !this.#connection) return true;
    const told = entryNumberOf(this.#place);
    if (number <= told) return true;
    if (number > told + 1) return false;
    this.#place = id;
    if (packet !== undefined && !except.includes(this.participant.session)) {
      this.#connection.sendPlaced(packet, this.#offset());
      this.#hooks.onHeard(this, entry);
    }
    return true;
  }

  /** What it has missed is kept nowhere any more: its client has to start anew. */
  lose(): void {
    this.#hooks.onLost(this);
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
    if (this.released) return;
    if (this.#heldBack) this.#heldBack.push(message);
    else this.#handle(message);
  }

  /** Holds back what comes, while somebody asks Redis what was missed. */
  holdBack(): void {
    this.#heldBack ??= [];
  }

  /**
   * What was missed, in order; then what was held back, and on.
   * @param feed where it was told last that it stands in its dialect's feed; that may be among what was missed
   */
  fill(missed: readonly MissedEvent[], feed?: FeedOffset): void {
    const isMissed = feed !== undefined && feed.number > this.#lastNumber;
    for (const event of missed) {
      // before the event that tells it: it goes by its offset
      if (isMissed && event.number === feed.number) this.#place = feed.last;
      if (this.#pass(event)) this.#hooks.onCaughtUp(this, event);
    }
    this.#letGo();
    if (isMissed) this.#hooks.onFollow(this);
  }

  #letGo(): void {
    const messages = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const message of messages) this.receive(message);
  }

  #handle(message: OutboxMessage): void {
    const { number, control } = message;
    if (number > this.#lastNumber + 1) {
      this.#heldBack = [message];
      return this.#hooks.onGap(this);
    }
    if (control && "epoch" in control) {
      if (control.epoch <= this.participant.epoch) return;
      return control.ended ? this.#hooks.onEnded(this) : this.#hooks.onTakenOver(this);
    }
    if (number !== 0 && number <= this.#lastNumber) return;
    if (control) this.#apply(control);
    if (number !== 0 && this.#pass(message)) this.#hooks.onTold(this, message);
    if (!control) return;
    if ("in" in control && control.seat.kind === "pair") this.#hooks.onPaired(this, control.seat);
    if ("follow" in control) this.#hooks.onFollow(this);
  }

  #apply(control: Control): void {
    this.participant.apply(control);
    if ("follow" in control) this.#place = control.follow;
    else if ("evicted" in control) this.#place = undefined;
  }

  /** Where its client would go on, as stock clients keep it. */
  #offset(): string {
    return this.#place === undefined ? String(this.#lastNumber) : `${this.#lastNumber}~${this.#place}`;
  }

  /** Whether it was handed to the connection. */
  #pass({ number, packet }: MissedEvent): boolean {
    if (number <= this.#lastNumber) return false;
    this.#lastNumber = number;
    if (!this.#connection) return false;
    this.#connection.sendPlaced(packet, this.#offset());
    return true;
  }
}

export interface LocalSessionHooks {
  /** A number is missing: find out what, and `fill` it. */
  readonly onGap: (session: LocalSession) => void;
  /** Another connection resumed the session. */
  readonly onTakenOver: (session: LocalSession) => void;
  /** Its client said goodbye on a connection from which it was taken over. */
  readonly onEnded: (session: LocalSession) => void;
  /** It has a partner, and its connection was told so as it came. */
  readonly onPaired: (session: LocalSession, seat: PairSeat) => void;
  /** It has a place in its dialect's feed now: hand it what came since. */
  readonly onFollow: (session: LocalSession) => void;
  /** An event was handed to its connection as it came; or late, because it had missed it. */
  readonly onTold: (session: LocalSession, event: MissedEvent) => void;
  readonly onCaughtUp: (session: LocalSession, event: MissedEvent) => void;
  /** An entry of the feed was handed to its connection, or lies ready for it. */
  readonly onHeard: (session: LocalSession, entry: FeedPacket) => void;
  /** What it has missed is kept nowhere any more. */
  readonly onLost: (session: LocalSession) => void;
}
