import type { LeaseTerm } from "@switchyard/core";
import type { Renewal } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * The terms of this node's lease: a term lasts for as long as the lease is renewed in time. Each session acts by the term in which it was
 * last found to be this node's. After a lapse others may have it, or it may have ended: so it keeps the term that is over, by which Redis
 * refuses what is done for it, until it has been compared with Redis in the new one.
 */
export class LeaseTerms {
  #current: { until: number } = { until: 0 };
  #nodes = 1;

  get current(): LeaseTerm {
    return this.#current;
  }

  /** How many nodes are alive, as of the last renewal. */
  get nodes(): number {
    return this.#nodes;
  }

  /** The sessions that still act by a term that is over. */
  staleAmong(sessions: readonly LocalSession[]): LocalSession[] {
    return sessions.filter(({ participant }) => participant.lease !== this.#current);
  }

  /** Whether Redis accepts now what this node does for each of these sessions. */
  coversAll(sessions: readonly LocalSession[], now: number): boolean {
    return this.#current.until > now && this.staleAmong(sessions).length === 0;
  }

  /** Notes a renewal: the term goes on, or another one has begun. */
  renewed({ until, inTime, nodes = this.#nodes }: Renewal): void {
    this.#nodes = nodes;
    if (inTime) this.#current.until = until;
    else this.#current = { until };
  }
}
