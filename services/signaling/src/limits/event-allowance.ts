import type { AddressAllowance, Decision, OverLimit } from "./address-allowance.ts";
import type { Allowance } from "./allowance.ts";
import type { ConnectionAllowance } from "./connection-allowance.ts";
import type { AllowanceName, Subject } from "./subject.ts";

export interface EventAllowanceParts {
  readonly name: AllowanceName;
  readonly users: Allowance;
  readonly connections: ConnectionAllowance;
  readonly addresses: AddressAllowance;
}

/**
 * How many events of a kind a user may send, and a connection and an address together with all their users: a client makes sessions and
 * names at will, but neither connections nor addresses.
 */
export class EventAllowance {
  readonly #parts: EventAllowanceParts;

  constructor(parts: EventAllowanceParts) {
    this.#parts = parts;
  }

  /** Counts an event. One that is refused does not count for the connection, nor for the address. */
  take(subject: Subject): Decision {
    const { name, users, connections, addresses } = this.#parts;
    const { connection } = subject;
    const nowMs = performance.now();
    const used = addresses.check(connection.address, nowMs);
    if (used) return used;
    const connectionMs = connections.take(connection, nowMs);
    // the only session of a connection has the user's allowance, which begins anew at a time of its own
    if (connectionMs > 0 && (connection.connects ?? 0) > 1) {
      return this.#refuse(subject, { limit: `connection-${name}`, waitMs: connectionMs });
    }
    const userMs = users.take(subject.keyOf(name), nowMs);
    if (typeof userMs === "number") return this.#judge(subject, userMs, nowMs);
    return userMs.then((waitMs) => this.#judge(subject, waitMs));
  }

  /** The use of one subject counts for another from now on. */
  move(from: string, to: string): void {
    this.#parts.users.move(from, to);
  }

  #judge(subject: Subject, userMs: number, nowMs?: number): Decision {
    const { name, addresses } = this.#parts;
    if (userMs > 0) return this.#refuse(subject, { limit: name, waitMs: userMs });
    const decision = addresses.take(subject.connection.address, nowMs);
    if (decision instanceof Promise) return decision.then((over) => over && this.#refuse(subject, over));
    return decision && this.#refuse(subject, decision);
  }

  #refuse({ connection }: Subject, over: OverLimit): OverLimit {
    this.#parts.connections.giveBack(connection);
    return over;
  }
}
