import type { SessionId } from "@switchyard/protocol";
import type { QueuedTicket, ShadowChange } from "@switchyard/store";
import { ShadowPool } from "./shadow-pool.ts";
import type { TicketList } from "./ticket-list.ts";
import { WaitingIndex } from "./waiting-index.ts";

/** Where a ticket is listed: a cohort, in the shadow pool or outside of it. */
interface Segment {
  readonly key: string;
  readonly index: WaitingIndex;
}

/**
 * The tickets of a queue that can be found, by segment: nobody meets anybody of another one, whatever widens. Each is found in the segment in
 * which it was listed, until it is listed anew.
 */
export class Segments {
  readonly #shadows = new ShadowPool();
  readonly #byKey = new Map<string, Segment>();
  readonly #bySession = new Map<SessionId, Segment>();

  add(queued: QueuedTicket): void {
    const segment = this.#segmentOf(queued);
    this.#bySession.set(queued.session, segment);
    segment.index.add(queued);
  }

  delete(queued: QueuedTicket): void {
    const segment = this.#bySession.get(queued.session);
    if (!segment) return;
    this.#bySession.delete(queued.session);
    segment.index.delete(queued);
    if (segment.index.isEmpty) this.#byKey.delete(segment.key);
  }

  /** The preferences of a ticket that is listed no longer bind it. */
  widen(queued: QueuedTicket): void {
    this.#bySession.get(queued.session)?.index.widen(queued);
  }

  /** The lists of the ticket's segment in which it may find somebody. */
  suiting(queued: QueuedTicket, isWidened: boolean): Iterable<TicketList> {
    return this.#bySession.get(queued.session)?.index.suiting(queued, isWidened) ?? [];
  }

  /**
   * The shadow pool has changed.
   * @param listed the tickets that are listed
   * @returns those of them that belong in another segment now, and are to be listed anew
   */
  applyShadows(change: ShadowChange, listed: Iterable<QueuedTicket>): QueuedTicket[] {
    this.#shadows.apply(change);
    return [...listed].filter((queued) => this.#bySession.get(queued.session)?.key !== this.#keyOf(queued));
  }

  #segmentOf(queued: QueuedTicket): Segment {
    const key = this.#keyOf(queued);
    const known = this.#byKey.get(key);
    if (known) return known;
    const segment = { key, index: new WaitingIndex() };
    this.#byKey.set(key, segment);
    return segment;
  }

  #keyOf({ ticket }: QueuedTicket): string {
    return `${this.#shadows.has(ticket) ? "shadow" : ""} ${ticket.cohort ?? ""}`;
  }
}
