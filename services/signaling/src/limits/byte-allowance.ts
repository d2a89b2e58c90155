import type { OverLimit } from "./address-allowance.ts";
import { RecentMap } from "./recent-map.ts";

export interface ByteAllowanceOptions {
  /** How many bytes an address may use at once, at all nodes together; 0: any number. */
  readonly bytes: number;
  /** In how many seconds they come back. */
  readonly duration: number;
  /** Over how many nodes they are spread. */
  readonly nodes: () => number;
}

/** The bytes that an address has used and not got back, as of a time. */
interface Use {
  bytes: number;
  at: number;
}

/**
 * So many bytes for each address, which come back steadily (a token bucket). The cost of an event is often known only when it has been carried out,
 * so an address may use more than it has left, and then waits until it is paid off. Each node counts by itself, for its share of the
 * cluster's allowance: nothing is asked or awaited for it.
 */
export class ByteAllowance {
  readonly #options: ByteAllowanceOptions;
  readonly #uses: RecentMap<Use>;

  constructor(options: ByteAllowanceOptions) {
    this.#options = options;
    // twice the time in which a whole allowance comes back: after that there is nothing to remember
    this.#uses = new RecentMap(2000 * options.duration, () => ({ bytes: 0, at: 0 }));
  }

  /** Whether it is used up. Asking uses nothing. */
  check(address: string | undefined, nowMs: number = performance.now()): OverLimit | undefined {
    const use = address === undefined ? undefined : this.#uses.find(address);
    if (!use) return undefined;
    const share = this.#share;
    const left = share - this.#usedAt(use, nowMs);
    if (left > 0) return undefined;
    return { limit: "address-bytes", waitMs: Math.max(1, (-left / share) * this.#options.duration * 1000) };
  }

  /** Uses so many bytes, whether they are left or not. */
  use(address: string | undefined, bytes: number, nowMs: number = performance.now()): void {
    if (address === undefined || this.#options.bytes === 0) return;
    const use = this.#uses.get(address, nowMs);
    use.bytes = this.#usedAt(use, nowMs) + bytes;
    use.at = nowMs;
  }

  get #share(): number {
    return this.#options.bytes / Math.max(1, this.#options.nodes());
  }

  #usedAt({ bytes, at }: Use, nowMs: number): number {
    return Math.max(0, bytes - (this.#share * (nowMs - at)) / (1000 * this.#options.duration));
  }
}

/** The bytes that an event makes Redis keep besides its text: fields and keys that name its user and its room. */
const EVENT_BYTES = 512;
/** How often it keeps a text, or an id, at most: an id is in several keys, each character of it percent-encoded. */
const TEXT_COPIES = 4;
/** So much more counts what stays when everybody has gone: a chatroom's message, a block, whom one has met. */
const LASTING_FACTOR = 10;

/** How many bytes an event makes Redis keep, deliveries to others not included: an estimate, before anything is done for it. */
export function bytesKeptBy(args: readonly unknown[], user: string | undefined, outlasts: boolean): number {
  const text = Buffer.byteLength(JSON.stringify([user, ...args]));
  return (EVENT_BYTES + TEXT_COPIES * text) * (outlasts ? LASTING_FACTOR : 1);
}
