import { entryNumberOf, type FeedOffset, type MissedEvent } from "@switchyard/store";

/**
 * The events that a client has missed of its session's outbox, on their way to it. Missed entries of its dialect's feed come another
 * way; an event names the entry that its sender's node knew of, and does not overtake it.
 */
export class MissedEvents {
  #events: readonly MissedEvent[] = [];
  #at = 0;
  #follow: FeedOffset | undefined;
  #isOrdered = true;

  /**
   * In the place of those that are left: they are among them.
   * @param follow the feed offset that was sent with one of them, and that event's number
   */
  begin(events: readonly MissedEvent[], follow: FeedOffset | undefined): void {
    this.#events = events;
    this.#at = 0;
    this.#follow = follow;
    this.#isOrdered = true;
  }

  /** The event that is to be delivered next. */
  get next(): MissedEvent | undefined {
    return this.#events[this.#at];
  }

  /** The entries that are waited for are not there: the events that are left come after no others. */
  comeAfterNothing(): void {
    this.#isOrdered = false;
  }

  /** The next one, if it is its turn for a client that has received the feed up to there (`undefined`: it does not follow it). */
  take(feedOffset: string | undefined): MissedEvent | undefined {
    const { next } = this;
    if (!next) return undefined;
    const isEarly = feedOffset !== undefined && this.#entryBefore(next) > entryNumberOf(feedOffset);
    if (isEarly && this.#isOrdered) return undefined;
    this.#at += 1;
    return next;
  }

  /**
   * The entry after which an event comes. Entries after the offset that the session was sent come after the event that carries it,
   * also where the sender's node knew of later ones: a list of people would take their place, and not have them.
   */
  #entryBefore({ number, feed = 0 }: MissedEvent): number {
    const follow = this.#follow;
    return follow && number <= follow.number ? Math.min(feed, entryNumberOf(follow.last)) : feed;
  }

  /** The feed offset that an event carries. */
  offsetAt({ number }: MissedEvent): string | undefined {
    return number === this.#follow?.number ? this.#follow.last : undefined;
  }
}
