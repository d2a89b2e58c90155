import type { QueuedTicket } from "@switchyard/store";
import { agree } from "./compatibility.ts";
import { Lane } from "./lane.ts";

/** Those who gave the same language and region, by interest. */
interface Bucket {
  readonly language: string | undefined;
  readonly region: string | undefined;
  readonly everyone: Lane;
  readonly withoutInterests: Lane;
  readonly byInterest: Map<string, Lane>;
}

/** Finds who suits a ticket without looking at everyone: only lanes whose members all agree with it are looked through. */
export class WaitingIndex {
  readonly #buckets = new Map<string, Bucket>();

  add(queued: QueuedTicket): void {
    for (const lane of this.#lanesOf(queued)) lane.add(queued);
  }

  delete(queued: QueuedTicket): void {
    for (const lane of this.#lanesOf(queued)) lane.delete(queued.session);
    const key = keyOf(queued);
    if (this.#buckets.get(key)?.everyone.size === 0) this.#buckets.delete(key);
  }

  /** The lanes in which everyone suits this ticket, and outside of which nobody does. */
  *suiting({ ticket }: QueuedTicket): Generator<Lane> {
    for (const bucket of this.#buckets.values()) {
      if (!agree(bucket.language, ticket.language) || !agree(bucket.region, ticket.region)) continue;
      if (ticket.interests.length === 0) yield bucket.everyone;
      else yield bucket.withoutInterests;
      for (const interest of ticket.interests) {
        const lane = bucket.byInterest.get(interest.toLowerCase());
        if (lane) yield lane;
      }
    }
  }

  #lanesOf(queued: QueuedTicket): Lane[] {
    const bucket = this.#bucketOf(queued);
    const { interests } = queued.ticket;
    if (interests.length === 0) return [bucket.everyone, bucket.withoutInterests];
    return [bucket.everyone, ...interests.map((interest) => laneFor(bucket.byInterest, interest.toLowerCase()))];
  }

  #bucketOf(queued: QueuedTicket): Bucket {
    const key = keyOf(queued);
    const known = this.#buckets.get(key);
    if (known) return known;
    const { language, region } = queued.ticket;
    const bucket = { language, region, everyone: new Lane(), withoutInterests: new Lane(), byInterest: new Map() };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function keyOf({ ticket: { language, region } }: QueuedTicket): string {
  return JSON.stringify([language, region]);
}

function laneFor(lanes: Map<string, Lane>, interest: string): Lane {
  const lane = lanes.get(interest) ?? new Lane();
  lanes.set(interest, lane);
  return lane;
}
