import type { SessionId } from "@switchyard/protocol";
import type { QueuedTicket } from "@switchyard/store";

/**
 * Tickets in queue order. A ticket that leaves stays in the list as a dead entry that is skipped, until half are dead: so taking
 * from the front, again and again, stays cheap. A ticket seldom returns to its old position; the list is sorted only then.
 */
export class TicketList {
  readonly #live = new Map<SessionId, QueuedTicket>();
  #order: QueuedTicket[] = [];
  #front = 0;
  #sorted = true;

  get size(): number {
    return this.#live.size;
  }

  add(queued: QueuedTicket): void {
    if (queued.sequence < (this.#order.at(-1)?.sequence ?? queued.sequence)) this.#sorted = false;
    this.#live.set(queued.session, queued);
    this.#order.push(queued);
  }

  delete(session: SessionId): void {
    if (this.#live.delete(session) && this.#order.length - this.#front > 2 * this.#live.size + 16) this.#compact();
  }

  /** The first that will do. */
  first(willDo: (queued: QueuedTicket) => boolean): QueuedTicket | undefined {
    if (!this.#sorted) this.#compact();
    for (let i = this.#front; i < this.#order.length; i += 1) {
      const queued = this.#order[i] as QueuedTicket;
      if (this.#live.get(queued.session) !== queued) {
        if (i === this.#front) this.#front += 1;
      } else if (willDo(queued)) return queued;
    }
    return undefined;
  }

  #compact(): void {
    this.#order = [...this.#live.values()].sort((one, two) => one.sequence - two.sequence);
    this.#front = 0;
    this.#sorted = true;
  }
}
