/** A state to read and to follow; fits React's `useSyncExternalStore`. */
export interface Store<State> {
  get(): State;
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void;
}

/** A store that its owner changes. A change that changes nothing is not told. */
export class WritableStore<State extends object> implements Store<State> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  readonly get = (): State => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener(); // the same function may be given twice
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  };

  set(change: Partial<State>): void {
    const names = Object.keys(change) as (keyof State)[];
    if (names.every((name) => this.#state[name] === change[name])) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
