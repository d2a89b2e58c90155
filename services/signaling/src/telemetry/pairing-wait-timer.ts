import type { PairSeat, TicketRef } from "@switchyard/store";
import type { Metrics } from "./metrics.ts";

interface Wait {
  /** The number of the ticket that it waits with. */
  readonly ticket: number;
  /** `performance.now()`; `undefined` if it began before the session came here. */
  readonly since: number | undefined;
}

/**
 * Measures how long the sessions of this node wait for a partner: from the moment they learn that they wait until their connection is
 * handed the partner. A wait that went on while the client was away counts nowhere: it is not the pairing that took so long.
 */
export class PairingWaitTimer {
  readonly #waits = new WeakMap<object, Wait>();
  readonly #seconds: Metrics["pairingWaitSeconds"];

  constructor({ pairingWaitSeconds }: Pick<Metrics, "pairingWaitSeconds">) {
    this.#seconds = pairingWaitSeconds;
  }

  /** A session learns that it waits. The same ticket again is only the reply again. */
  begin(session: object, { number }: TicketRef): void {
    if (this.#waits.get(session)?.ticket === number) return;
    this.#waits.set(session, { ticket: number, since: performance.now() });
  }

  /** A session came here while it waited with that ticket. */
  resume(session: object, { number }: TicketRef): void {
    this.#waits.set(session, { ticket: number, since: undefined });
  }

  /** Its connection was handed its partner. */
  end(session: object, { queue }: PairSeat): void {
    const since = this.#waits.get(session)?.since;
    this.#waits.delete(session);
    if (since !== undefined) this.#seconds.observe({ queue }, (performance.now() - since) / 1000);
  }
}
