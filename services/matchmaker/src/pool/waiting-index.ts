import type { QueuedTicket } from "@switchyard/store";
import { agree } from "./compatibility.ts";
import { TicketList } from "./ticket-list.ts";

/** Those who gave the same language and region, by interest. */
interface Bucket {
  readonly language: string | undefined;
  readonly region: string | undefined;
  readonly everyone: TicketList;
  readonly withoutInterests: TicketList;
  readonly byInterest: Map<string, TicketList>;
}

/** Finds a ticket that suits another without looking at everyone: only lanes whose members all agree with it are looked through. */
export class WaitingIndex {
  readonly #buckets = new Map<string, Bucket>();
  /** The tickets whose preferences no longer bind. */
  readonly #widened = new TicketList();

  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  add(queued: QueuedTicket): void {
    for (const list of this.#listsOf(queued)) list.add(queued);
  }

  delete(queued: QueuedTicket): void {
    for (const list of this.#listsOf(queued)) list.delete(queued.session);
    this.#widened.delete(queued.session);
    const key = keyOf(queued);
    if (this.#buckets.get(key)?.everyone.size === 0) this.#buckets.delete(key);
  }

  widen(queued: QueuedTicket): void {
    this.#widened.add(queued);
  }

  /** The lanes in which everyone suits this ticket, and outside of which nobody does; for a widened one, everyone else who is. */
  *suiting({ ticket }: QueuedTicket, isWidened: boolean): Generator<TicketList> {
    if (isWidened) yield this.#widened;
    for (const bucket of this.#buckets.values()) {
      if (!agree(bucket.language, ticket.language) || !agree(bucket.region, ticket.region)) continue;
      if (ticket.interests.length === 0) yield bucket.everyone;
      else yield bucket.withoutInterests;
      for (const interest of ticket.interests) {
        const list = bucket.byInterest.get(interest.toLowerCase());
        if (list) yield list;
      }
    }
  }

  #listsOf(queued: QueuedTicket): TicketList[] {
    const bucket = this.#bucketOf(queued);
    const { interests } = queued.ticket;
    if (interests.length === 0) return [bucket.everyone, bucket.withoutInterests];
    return [bucket.everyone, ...interests.map((interest) => listFor(bucket.byInterest, interest.toLowerCase()))];
  }

  #bucketOf(queued: QueuedTicket): Bucket {
    const key = keyOf(queued);
    const known = this.#buckets.get(key);
    if (known) return known;
    const { language, region } = queued.ticket;
    const bucket = {
      language,
      region,
      everyone: new TicketList(),
      withoutInterests: new TicketList(),
      byInterest: new Map(),
    };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function keyOf({ ticket: { language, region } }: QueuedTicket): string {
  return JSON.stringify([language, region]);
}

function listFor(lists: Map<string, TicketList>, interest: string): TicketList {
  const list = lists.get(interest) ?? new TicketList();
  lists.set(interest, list);
  return list;
}
