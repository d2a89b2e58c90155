import type { NodeId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { Outage } from "./allowance.ts";

/** So small a part of the limit a node holds for an address without telling the others. */
const UNREPORTED = 1 / 20;

export interface ConnectionLimitParts {
  readonly store: Pick<Store, "addresses">;
  readonly node: NodeId;
  /** How many connections an address may have; 0: any number. */
  readonly max: number;
  /** How long a node's report counts for the others. */
  readonly leaseMs: number;
  readonly outage: Outage;
}

/** The connections that an address holds at this node. */
interface Holding {
  count: number;
}

/**
 * Connections for each network address, over the whole cluster. Few of them are this node's own affair; where there are more than a
 * twentieth of the limit, the node reports them to Redis at every handshake, and again and again while it holds them. So all nodes together
 * hold at most the limit and, for each node, a twentieth of it; and what a killed node held is forgotten with its lease.
 */
export class ConnectionLimit {
  readonly #parts: ConnectionLimitParts;
  readonly #unreportedMax: number;
  readonly #held = new Map<string, Holding>();
  /** Those addresses that were reported to Redis. */
  readonly #reported = new Map<string, Holding>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ConnectionLimitParts) {
    this.#parts = parts;
    this.#unreportedMax = Math.floor(parts.max * UNREPORTED);
  }

  begin(): void {
    this.#timer = setInterval(() => void this.#reportAgain(), this.#parts.leaseMs / 3);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes a place for one more connection. Returns `undefined` if the address has none left; else the function that gives it back. */
  async acquire(address: string): Promise<(() => void) | undefined> {
    const { max } = this.#parts;
    if (max === 0) return () => {};
    const held = this.#held.get(address) ?? { count: 0 };
    this.#held.set(address, held);
    held.count += 1;
    const release = () => this.#release(address, held);
    if (held.count <= this.#unreportedMax) return release;
    if ((await this.#report(address, held)) <= max) return release;
    release();
    return undefined;
  }

  #release(address: string, held: Holding): void {
    held.count -= 1;
    if (held.count === 0 && !this.#reported.has(address)) this.#held.delete(address);
  }

  /** @returns how many the address has; by this node's own count where Redis can't be asked */
  async #report(address: string, held: Holding): Promise<number> {
    const { store, node, leaseMs, outage } = this.#parts;
    this.#reported.set(address, held);
    try {
      const total = await store.addresses.report(address, node, held.count, leaseMs);
      outage.over();
      return total;
    } catch (error) {
      outage.noticed(error);
      return held.count;
    }
  }

  async #reportAgain(): Promise<void> {
    const reports = [...this.#reported].map(([address, held]) =>
      held.count > this.#unreportedMax ? this.#report(address, held) : this.#withdraw(address, held),
    );
    await Promise.all(reports);
  }

  /** The address has few connections here again. Where Redis can't be reached, its count of them runs out by itself. */
  async #withdraw(address: string, held: Holding): Promise<void> {
    const { store, node } = this.#parts;
    this.#reported.delete(address);
    if (held.count === 0) this.#held.delete(address);
    await store.addresses.withdraw(address, node).catch(() => {});
  }
}
