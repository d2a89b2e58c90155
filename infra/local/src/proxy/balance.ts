import type { Backend } from "./backend.ts";

/** Picks nodes for new clients: the least loaded one that is ready, in turn where several are. */
export class Balance {
  readonly #backends: readonly Backend[];
  #next = 0;

  constructor(backends: readonly Backend[]) {
    this.#backends = backends;
  }

  /** @param tried nodes that just refused */
  pick(tried: ReadonlySet<Backend>): Backend | undefined {
    const inTurn = [...this.#backends.slice(this.#next), ...this.#backends.slice(0, this.#next)];
    const open = inTurn.filter((backend) => backend.ready && !tried.has(backend));
    const [first] = open;
    if (first === undefined) return undefined;
    const chosen = open.reduce((least, backend) => (backend.load < least.load ? backend : least), first);
    this.#next = (this.#backends.indexOf(chosen) + 1) % this.#backends.length;
    return chosen;
  }
}
