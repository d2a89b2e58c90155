import { LRUCache } from "lru-cache";
import type { Backend } from "./backend.ts";

/** How many sids are remembered at most; past it the one unused for longest goes. */
const MAX_SIDS = 100_000;
const FORGET_AFTER_MS = 60_000;
/**
 * A polling client that lives asks again at once; one that has not for so long weighs nothing when new clients are
 * spread.
 */
const WEIGHTLESS_AFTER_MS = 5000;

interface Entry {
  readonly backend: Backend;
  /** Its open requests and WebSocket. */
  open: number;
  usedAt: number;
  letGo: (() => void) | undefined;
}

/** Which node an Engine.IO session lives on. */
export class Sids {
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_SIDS, dispose: unweigh });
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  remember(sid: string, backend: Backend): void {
    this.#entries.set(sid, { backend, open: 0, usedAt: this.#now(), letGo: backend.hold() });
  }

  /**
   * The node of a sid, held until `release` is called. After a WebSocket (`last`) the session is over as a rule, so
   * that it weighs nothing any more unless polling goes on.
   */
  use(sid: string): { readonly backend: Backend; readonly release: (last: boolean) => void } | undefined {
    const entry = this.#entries.get(sid);
    if (entry === undefined) return undefined;
    entry.usedAt = this.#now();
    entry.open += 1;
    entry.letGo ??= entry.backend.hold();
    const release = (last: boolean) => {
      entry.open -= 1;
      entry.usedAt = this.#now();
      if (this.#entries.peek(sid) === entry) this.#entries.get(sid); // or else it was dropped meanwhile
      if (last && entry.open === 0) unweigh(entry);
    };
    return { backend: entry.backend, release };
  }

  /** Forgets every sid of a node that is gone. */
  forget(backend: Backend): void {
    for (const [sid, entry] of [...this.#entries.entries()]) if (entry.backend === backend) this.#entries.delete(sid);
  }

  /** Lets go of what has not been used for long. */
  sweep(): void {
    for (const sid of this.#entries.rkeys()) {
      const entry = this.#entries.peek(sid);
      if (entry === undefined || entry.open > 0) continue;
      const idleMs = this.#now() - entry.usedAt;
      if (idleMs < WEIGHTLESS_AFTER_MS) return; // ordered by last use: the rest is younger
      if (idleMs > FORGET_AFTER_MS) this.#entries.delete(sid);
      else unweigh(entry);
    }
  }
}

function unweigh(entry: Entry): void {
  entry.letGo?.();
  entry.letGo = undefined;
}
