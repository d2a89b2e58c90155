import type { LeaseTerm } from "@switchyard/core";
import type { Leased, Renewal } from "@switchyard/store";

/**
 * A model node's lease. Redis's own clock can't be moved on in a test, so what a node says of its lease is told to Redis earlier by as
 * much as has been taken from it: after a lapse whatever was issued before is over.
 */
export class ModelLease {
  readonly #lengthMs: number;
  #takenMs = 0;
  #term: { until: number } = { until: 0 };

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** The term that goes on. */
  get term(): LeaseTerm {
    return this.#term;
  }

  /** It runs out. */
  lapse(): void {
    this.#takenMs += 2 * this.#lengthMs;
  }

  /** A renewal, as the node has to understand it. */
  answered({ until, ...answer }: Renewal): Renewal {
    return { until: until + this.#takenMs, ...answer };
  }

  renewed({ until, inTime }: Renewal): void {
    if (inTime) this.#term.until = until;
    else this.#term = { until };
  }

  /** What a command says, as Redis has to understand it when it arrives. */
  arriving(argument: unknown): unknown {
    const { lease } = (argument ?? {}) as Leased;
    return lease === undefined ? argument : { ...(argument as Leased), lease: lease - this.#takenMs };
  }
}
