import type { Participant } from "@switchyard/core";
import {
  type Control,
  entryNumberOf,
  type FeedOffset,
  type MissedEvent,
  type OutboxMessage,
  type PairSeat,
  type Restored,
} from "@switchyard/store";
import type { FeedPacket } from "../telemetry/event-tracing.ts";
import { Confirmation } from "./confirmation.ts";
import type { Connection } from "./connection.ts";
import { EventQueue } from "./event-queue.ts";
import { MissedEvents } from "./missed-events.ts";

/**
 * A session that this node holds. Hands on what comes on the session's channel, by number: what it has had it drops, and where a
 * number is missing it holds everything back until the gap was filled from Redis.
 */
export class LocalSession {
  readonly participant: Participant;
  readonly eventQueue: EventQueue;
  readonly confirmation = new Confirmation();
  /** The entry of the dialect's feed up to which it has received; `undefined`: it doesn't follow it. */
  feedOffset: string | undefined;
  /** The number of the feed entry as of which it was sent the last list of people; 0: none, by this node. */
  listedUpTo = 0;
  /** Gone elsewhere, ended or detached: nothing of it matters here now. */
  released = false;
  /** Another connection of its client has it; but a final disconnect on this one may have been on its way before. */
  overtaken = false;
  /** It is banned or logged out: what its client has sent, and what was not handled yet, no longer counts. */
  isBanned = false;
  /** Its client has disconnected: it ends when its turn comes, and can't be taken over. */
  isDisconnecting = false;
  #connection: Connection | undefined;
  #lastNumber: number;
  #heldBack: OutboxMessage[] | undefined = [];
  readonly #missed = new MissedEvents();
  readonly #hooks: LocalSessionHooks;

  /**
   * Holds everything back until `goOn`.
   * @param lastNumber the last event that the client has had
   * @param eventQueue of the session that the connection had until now, if it had one
   */
  constructor(participant: Participant, lastNumber: number, hooks: LocalSessionHooks, eventQueue = new EventQueue()) {
    this.participant = participant;
    this.#lastNumber = lastNumber;
    this.#hooks = hooks;
    this.eventQueue = eventQueue;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The next entry of the feed; `false` if it is not the next, and something is to be caught up. */
  deliverFeedEntry(entry: FeedPacket): boolean {
    const { id, number, except, packet } = entry;
    if (this.feedOffset === undefined || !this.#connection) return true;
    const delivered = entryNumberOf(this.feedOffset);
    if (number !== delivered + 1) return number <= delivered;
    this.feedOffset = id;
    if (packet !== undefined && !except.includes(this.participant.session)) {
      this.#connection.sendWithOffset(packet, this.#offset());
      this.#hooks.onFeedEntry(this, entry);
    }
    if (this.awaitsFeed) this.#deliverMissed();
    return true;
  }

  /** Whether it has missed events of its own that come after feed entries which it has not received yet. */
  get awaitsFeed(): boolean {
    return this.#missed.next !== undefined;
  }

  /** It has received all that the feed has: entries that its missed events would come after are lost. */
  stopAwaitingFeed(): void {
    if (!this.awaitsFeed) return;
    this.#missed.comeAfterNothing();
    this.#deliverMissed();
  }

  /** The events it has missed are no longer kept anywhere: its client has to start anew. */
  reportLoss(): void {
    this.#hooks.onLost(this);
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** From now on events go to this connection: first what the client has missed, then what was held back. */
  attach(connection: Connection, restored?: Restored): void {
    const { missed = [], record } = restored ?? {};
    this.#connection = connection;
    connection.allowFor(missed);
    this.fill(missed, record?.feed);
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
   * Delivers the missed events, in order, each after the feed entries that it comes after; then those that were held back, and from then
   * on each as it comes.
   * @param feed the feed offset that it was sent last, and the number of that event, which may itself be among the missed ones
   */
  fill(missed: readonly MissedEvent[], feed?: FeedOffset): void {
    const isMissed = feed !== undefined && feed.number > this.#lastNumber;
    this.#missed.begin(missed, isMissed ? feed : undefined);
    this.#deliverMissed();
    if (isMissed || this.awaitsFeed) this.#hooks.onFollow(this);
  }

  #deliverMissed(): void {
    for (;;) {
      const event = this.#missed.take(this.feedOffset);
      if (!event) break;
      this.feedOffset = this.#missed.offsetAt(event) ?? this.feedOffset; // before the event that carries it
      if (this.#deliver(event)) this.#hooks.onDeliveredLate(this, event);
    }
    if (this.awaitsFeed) return;
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
    if (number !== 0 && this.#deliver(message)) this.#hooks.onDelivered(this, message);
    if (!control) return;
    if ("in" in control && control.seat.kind === "pair") this.#hooks.onPaired(this, control.seat);
    if ("follow" in control) this.#hooks.onFollow(this);
  }

  #apply(control: Control): void {
    this.participant.apply(control);
    if ("follow" in control) {
      this.feedOffset = control.follow;
      this.listedUpTo = entryNumberOf(control.follow); // the event that comes with it is that list
    } else if ("evicted" in control) this.feedOffset = undefined;
  }

  /** Where its client would go on, as stock clients keep it. */
  #offset(): string {
    return this.feedOffset === undefined ? String(this.#lastNumber) : `${this.#lastNumber}~${this.feedOffset}`;
  }

  /** Whether it was handed to the connection. */
  #deliver({ number, packet }: MissedEvent): boolean {
    if (number <= this.#lastNumber) return false;
    this.#lastNumber = number;
    if (!this.#connection || packet === "") return false; // a later event says the same
    this.#connection.sendWithOffset(packet, this.#offset());
    return true;
  }
}

export interface LocalSessionHooks {
  /** A number is missing: find out what, and `fill` it. */
  readonly onGap: (session: LocalSession) => void;
  /** Another connection resumed the session. */
  readonly onTakenOver: (session: LocalSession) => void;
  /** Its client disconnected on a connection from which it was taken over. */
  readonly onEnded: (session: LocalSession) => void;
  /** It has a partner, and its connection received that as it came. */
  readonly onPaired: (session: LocalSession, seat: PairSeat) => void;
  /** It has a place in its dialect's feed now: hand it what came since. */
  readonly onFollow: (session: LocalSession) => void;
  /** An event was handed to its connection as it came; or late, because it had missed it. */
  readonly onDelivered: (session: LocalSession, event: MissedEvent) => void;
  readonly onDeliveredLate: (session: LocalSession, event: MissedEvent) => void;
  /** An entry of the feed was handed to its connection, or lies ready for it. */
  readonly onFeedEntry: (session: LocalSession, entry: FeedPacket) => void;
  /** The events it has missed are no longer kept anywhere. */
  readonly onLost: (session: LocalSession) => void;
}
