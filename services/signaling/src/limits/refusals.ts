import type { AddressAllowance, OverLimit } from "./address-allowance.ts";
import type { ConnectionAllowance, CountedConnection } from "./connection-allowance.ts";

export interface RefusalParts {
  readonly connections: ConnectionAllowance;
  readonly addresses: AddressAllowance;
}

/** How many refused events a client may go on after: a refusal costs a node work, also where it costs Redis nothing. */
export class Refusals {
  readonly #parts: RefusalParts;

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /**
   * Counts an event, or a request for a namespace, that was refused.
   * @returns the limit because of which the connection is to be closed, if it is
   */
  take(connection: CountedConnection): OverLimit | undefined {
    const { connections, addresses } = this.#parts;
    const waitMs = connections.take(connection, performance.now());
    const decision = addresses.take(connection.address);
    if (waitMs > 0) return { limit: "connection-refused", waitMs };
    return decision instanceof Promise ? undefined : decision; // what Redis says later is known at the next refusal
  }
}
