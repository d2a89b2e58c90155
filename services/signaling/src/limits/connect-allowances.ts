import { keys } from "@switchyard/store";
import type { AddressAllowance, Decision, OverLimit } from "./address-allowance.ts";
import { type Allowance, TooManyRequestsError } from "./allowance.ts";
import type { ByteAllowance } from "./byte-allowance.ts";
import type { ConnectionAllowance, CountedConnection } from "./connection-allowance.ts";

export interface ConnectAllowanceParts {
  readonly users: Allowance;
  readonly connections: ConnectionAllowance;
  readonly addresses: AddressAllowance;
  readonly bytes: Pick<ByteAllowance, "check" | "use">;
}

/** The bytes that a new session makes Redis keep. */
const SESSION_BYTES = 1500;

/** How often clients may connect: each connect begins a session, or recovers one, which costs Redis dozens of commands. */
export class ConnectAllowances {
  readonly #parts: ConnectAllowanceParts;

  constructor(parts: ConnectAllowanceParts) {
    this.#parts = parts;
  }

  /** Counts a handshake, and with it the first namespace that its client will ask for. */
  takeHandshake(address: string): Decision {
    const { addresses, bytes } = this.#parts;
    return bytes.check(address) ?? addresses.take(address);
  }

  /**
   * Counts a client's request for a namespace, be it to recover a session. The first one of a connection is its handshake's affair, whose
   * refusal a stock client survives: it tries again by itself, as it does not after one that has a connection.
   */
  takeConnect(connection: CountedConnection): Decision {
    const { connections, addresses, bytes } = this.#parts;
    connection.connects = (connection.connects ?? 0) + 1;
    const waitMs = connections.take(connection, performance.now());
    if (waitMs > 0) return this.#refuse(connection, { limit: "connection-connect", waitMs });
    const isHandshakes = connection.connects === 1;
    const isOver = isHandshakes ? undefined : bytes.check(connection.address);
    if (isOver) return this.#refuse(connection, isOver);
    bytes.use(connection.address, SESSION_BYTES);
    const decision = isHandshakes ? undefined : addresses.take(connection.address);
    if (decision instanceof Promise) return decision.then((over) => over && this.#refuse(connection, over));
    return decision && this.#refuse(connection, decision);
  }

  /**
   * Counts a new session of a user whom a token names: other names are a client's choice.
   * @throws TooManyRequestsError
   */
  async takeSession(user: string): Promise<void> {
    const waitMs = await this.#parts.users.take(keys.limitOf("connect", user));
    if (waitMs > 0) throw new TooManyRequestsError("connect", waitMs);
  }

  #refuse(connection: CountedConnection, over: OverLimit): OverLimit {
    this.#parts.connections.giveBack(connection);
    return over;
  }
}
