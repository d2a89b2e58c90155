import type { SessionId } from "@switchyard/protocol";
import { isSameStamp, type QueuedTicket, type ShadowChange, type Stamp } from "@switchyard/store";
import { forgivesAt, haveMet, mayMeet, widensAt } from "./compatibility.ts";
import { Schedule } from "./schedule.ts";
import { Segments } from "./segments.ts";
import { TicketList } from "./ticket-list.ts";

export type Pair = readonly [QueuedTicket, QueuedTicket];

/** For so long a partner may come before a session is notified that it waits: of many who come at once, most need not be. */
const ANNOUNCE_AFTER_MS = 25;

/**
 * The tickets of one queue, in memory, and their pairings. A ticket that can't be paired now is tried again only when something
 * changes for it: itself, somebody new, or the time (widening). So those who wait are, pair by pair, such that may not meet yet.
 */
export class WaitingPool {
  readonly #widenMs: number;
  readonly #known = new Map<SessionId, QueuedTicket>();
  /** Connected and not being paired: the tickets that can be found. */
  readonly #free = new Map<SessionId, QueuedTicket>();
  readonly #segments = new Segments();
  /** Those who are being paired, with the ticket that is to be paired. */
  readonly #held = new Map<SessionId, QueuedTicket>();
  #toExamine = new TicketList();
  /** Tickets for which only recent partners are left. */
  readonly #lastResort = new TicketList();
  /** When preferences stop to bind, and when recent partners will do: two, so that each is almost in order by itself. */
  readonly #widening = new Schedule<SessionId>();
  readonly #forgiving = new Schedule<SessionId>();
  /** When sessions are to be notified that they wait. */
  readonly #announcing = new Schedule<SessionId>();
  /** The sessions that were, by the number of their ticket. */
  readonly #announced = new Map<SessionId, number>();

  constructor(widenMs: number) {
    this.#widenMs = widenMs;
  }

  get size(): number {
    return this.#known.size;
  }

  /** When something changes by itself, Unix time in ms. */
  get nextChange(): number | undefined {
    const times = [this.#widening, this.#forgiving, this.#announcing].flatMap(({ next }) => next ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** A new ticket, or a newer version of one. */
  put(queued: QueuedTicket): void {
    this.#unlist(queued.session);
    this.#known.set(queued.session, queued);
    if (queued.stamp.connected && !this.#held.has(queued.session)) this.#list(queued);
  }

  /** The owner of a ticket has dropped, or is back. `false` if there is no such ticket here. */
  restamp(session: SessionId, stamp: Stamp): boolean {
    const queued = this.#known.get(session);
    if (queued) this.put({ ...queued, stamp });
    return queued !== undefined;
  }

  /** The shadow pool has changed: tickets that wait already are moved. */
  applyShadows(change: ShadowChange): void {
    for (const queued of this.#segments.applyShadows(change, this.#free.values())) this.put(queued);
  }

  drop(session: SessionId): void {
    this.#unlist(session);
    this.#known.delete(session);
    this.#held.delete(session);
    this.#announced.delete(session);
  }

  /** The next two to meet, the first one first: who knows of its wait, else who is first in the queue. They are held, and nobody else meets them, until they are dropped or reviewed. */
  next(now: number): Pair | undefined {
    for (const session of [...this.#widening.take(now), ...this.#forgiving.take(now)]) {
      const queued = this.#free.get(session);
      if (queued) this.#toExamine.add(queued);
    }
    return this.#nextFresh(now) ?? this.#nextRecent(now);
  }

  /** Those who are to be notified now that they wait, each once. To be called when `next` has nobody left. */
  takeUnannounced(now: number): QueuedTicket[] {
    return this.#announcing.take(now).flatMap((session) => {
      const queued = this.#free.get(session);
      if (!queued || this.#isAnnounced(queued) || announcesAt(queued) > now) return []; // of a newer one it is too early
      this.#announced.set(session, queued.stamp.number);
      return [queued];
    });
  }

  /**
   * A held ticket was not paired, since one of the two had changed.
   * @param now its state in Redis after that; it counts only if nothing newer has been published since
   */
  review(queued: QueuedTicket, now: QueuedTicket | undefined): void {
    const { session, stamp } = queued;
    const known = this.#known.get(session);
    if (known && isSameStamp(known.stamp, stamp)) {
      if (!now) return this.drop(session);
      if (!isSameStamp(now.stamp, stamp)) this.put(now);
    }
    if (this.#held.get(session) === queued) this.#release(session);
  }

  #release(session: SessionId): void {
    this.#held.delete(session);
    const queued = this.#known.get(session);
    if (queued) this.put(queued);
  }

  /** Two who have not met lately. */
  #nextFresh(now: number): Pair | undefined {
    for (let queued = takeFirst(this.#toExamine); queued; queued = takeFirst(this.#toExamine)) {
      if (now >= widensAt(queued, this.#widenMs)) this.#segments.widen(queued);
      const { fresh, recent } = this.#partnersFor(queued, now);
      if (fresh) return this.#hold(queued, fresh);
      if (recent) this.#lastResort.add(queued);
    }
    this.#toExamine = new TicketList();
    return undefined;
  }

  /** Two who have, once nobody else is there for either. */
  #nextRecent(now: number): Pair | undefined {
    for (let queued = takeFirst(this.#lastResort); queued; queued = takeFirst(this.#lastResort)) {
      const { recent } = this.#partnersFor(queued, now);
      if (recent) return this.#hold(queued, recent);
    }
    return undefined;
  }

  /** The first in line that it has not met lately, and the first that it has. */
  #partnersFor(queued: QueuedTicket, now: number): { fresh?: QueuedTicket; recent?: QueuedTicket } {
    const isWidened = now >= widensAt(queued, this.#widenMs);
    let fresh: QueuedTicket | undefined;
    let recent: QueuedTicket | undefined;
    const willDo = (other: QueuedTicket) => {
      if (other.session === queued.session || !mayMeet(queued, other, now, this.#widenMs)) return false;
      if (!haveMet(queued, other)) return true;
      recent = firstOf(recent, other);
      return false;
    };
    for (const list of this.#segments.suiting(queued, isWidened)) {
      fresh = firstOf(fresh, list.first(willDo));
    }
    return { ...(fresh && { fresh }), ...(recent && { recent }) };
  }

  #hold(one: QueuedTicket, two: QueuedTicket): Pair {
    for (const queued of [one, two]) {
      this.#unlist(queued.session);
      this.#held.set(queued.session, queued);
    }
    const isFirst =
      this.#isAnnounced(one) === this.#isAnnounced(two) ? one.sequence < two.sequence : this.#isAnnounced(one);
    return isFirst ? [one, two] : [two, one];
  }

  #isAnnounced({ session, stamp }: QueuedTicket): boolean {
    return this.#announced.get(session) === stamp.number;
  }

  #list(queued: QueuedTicket): void {
    this.#free.set(queued.session, queued);
    this.#segments.add(queued);
    this.#toExamine.add(queued);
    this.#widening.add(widensAt(queued, this.#widenMs), queued.session);
    this.#forgiving.add(forgivesAt(queued, this.#widenMs), queued.session);
    if (!this.#isAnnounced(queued)) this.#announcing.add(announcesAt(queued), queued.session);
  }

  #unlist(session: SessionId): void {
    const queued = this.#free.get(session);
    if (!queued) return;
    this.#free.delete(session);
    this.#segments.delete(queued);
    this.#toExamine.delete(session);
    this.#lastResort.delete(session);
  }
}

/** Unix time in ms. */
function announcesAt({ ticket }: QueuedTicket): number {
  return ticket.since + ANNOUNCE_AFTER_MS;
}

/** Orders tickets by their position. */
function firstOf(one: QueuedTicket | undefined, two: QueuedTicket | undefined): QueuedTicket | undefined {
  return one && (!two || one.sequence <= two.sequence) ? one : two;
}

function takeFirst(list: TicketList): QueuedTicket | undefined {
  const queued = list.first(() => true);
  if (queued) list.delete(queued.session);
  return queued;
}
