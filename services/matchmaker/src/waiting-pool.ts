import type { SessionId } from "@switchyard/protocol";
import type { QueuedTicket, Stamp } from "@switchyard/store";
import { forgivesAt, mayMeet, widensAt } from "./compatibility.ts";
import { Lane } from "./lane.ts";
import { Schedule } from "./schedule.ts";
import { WaitingIndex } from "./waiting-index.ts";

export type Pair = readonly [QueuedTicket, QueuedTicket];

/**
 * Who waits in one queue, in memory, and who is to meet whom. Whoever can't be paired now is looked at again only when something
 * changes for it: itself, somebody new, or the time (widening). So those who wait are, pair by pair, such that may not meet yet.
 */
export class WaitingPool {
  readonly #widenMs: number;
  readonly #known = new Map<SessionId, QueuedTicket>();
  /** Connected and not being paired: who can be found. */
  readonly #free = new Map<SessionId, QueuedTicket>();
  readonly #index = new WaitingIndex();
  readonly #widened = new Lane();
  readonly #held = new Set<SessionId>();
  #toExamine = new Lane();
  /** When preferences stop to bind, and when recent partners will do: two, so that each is almost in order by itself. */
  readonly #widening = new Schedule<SessionId>();
  readonly #forgiving = new Schedule<SessionId>();

  constructor(widenMs: number) {
    this.#widenMs = widenMs;
  }

  get size(): number {
    return this.#known.size;
  }

  /** When something changes by itself, Unix time in ms. */
  get nextChange(): number | undefined {
    const next = Math.min(
      this.#widening.next ?? Number.POSITIVE_INFINITY,
      this.#forgiving.next ?? Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(next) ? next : undefined;
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

  drop(session: SessionId): void {
    this.#unlist(session);
    this.#known.delete(session);
    this.#held.delete(session);
  }

  /** The next two to meet; they are held, and nobody else meets them, until `release` or `drop`. */
  next(now: number): Pair | undefined {
    for (const session of [...this.#widening.take(now), ...this.#forgiving.take(now)]) {
      const queued = this.#free.get(session);
      if (queued) this.#toExamine.add(queued);
    }
    for (let queued = this.#takeToExamine(); queued; queued = this.#takeToExamine()) {
      const partner = this.#partnerFor(queued, now);
      if (partner) return this.#hold(queued, partner);
    }
    return undefined;
  }

  /** A held ticket can be paired again. */
  release(session: SessionId): void {
    this.#held.delete(session);
    const queued = this.#known.get(session);
    if (queued) this.put(queued);
  }

  #takeToExamine(): QueuedTicket | undefined {
    const queued = this.#toExamine.first(() => true);
    if (queued) this.#toExamine.delete(queued.session);
    else this.#toExamine = new Lane();
    return queued;
  }

  #partnerFor(queued: QueuedTicket, now: number): QueuedTicket | undefined {
    const widened = now >= widensAt(queued, this.#widenMs);
    if (widened) this.#widened.add(queued);
    const willDo = (other: QueuedTicket) =>
      other.session !== queued.session && mayMeet(queued, other, now, this.#widenMs);
    const lanes = [...this.#index.suiting(queued), ...(widened ? [this.#widened] : [])];
    let best: QueuedTicket | undefined;
    for (const lane of lanes) {
      const found = lane.first(willDo);
      if (found && (!best || found.place < best.place)) best = found;
    }
    return best;
  }

  #hold(one: QueuedTicket, two: QueuedTicket): Pair {
    for (const { session } of [one, two]) {
      this.#unlist(session);
      this.#held.add(session);
    }
    return one.place < two.place ? [one, two] : [two, one];
  }

  #list(queued: QueuedTicket): void {
    this.#free.set(queued.session, queued);
    this.#index.add(queued);
    this.#toExamine.add(queued);
    this.#widening.add(widensAt(queued, this.#widenMs), queued.session);
    this.#forgiving.add(forgivesAt(queued, this.#widenMs), queued.session);
  }

  #unlist(session: SessionId): void {
    const queued = this.#free.get(session);
    if (!queued) return;
    this.#free.delete(session);
    this.#index.delete(queued);
    this.#widened.delete(session);
    this.#toExamine.delete(session);
  }
}
