import type { Store } from "@switchyard/client";

/** A connection in one dialect, and a state that follows its events. */
export interface Session<State> extends Store<State> {
  close(): void;
}

interface Shared {
  readonly session: Session<unknown>;
  users: number;
  end: ReturnType<typeof setTimeout> | undefined;
}

/** How long a session stays without components. StrictMode, a change of route and a hot reload end a use and begin the next one at once. */
const LINGER_MS = 500;

const shared = new Map<string, Shared>();

/**
 * A component's share of a session: all that hold the same key share one. The session is opened by the first `subscribe` and not
 * before, so that what is rendered on a server, or not kept, opens none.
 */
export class Hold<State, Kept extends Session<State>> {
  readonly #key: string | null;
  readonly #open: () => Kept;
  readonly #initial: State;

  /** @param key null: there is no session, and the state stays as it is at first */
  constructor(key: string | null, open: () => Kept, initial: State) {
    this.#key = key;
    this.#open = open;
    this.#initial = initial;
  }

  get session(): Kept | undefined {
    return this.#key === null ? undefined : (shared.get(this.#key)?.session as Kept | undefined);
  }

  readonly get = (): State => this.session?.get() ?? this.#initial;

  readonly getOnServer = (): State => this.#initial;

  readonly subscribe = (listener: () => void): (() => void) => {
    const key = this.#key;
    if (key === null) return () => {};
    const entry = shared.get(key) ?? { session: this.#open(), users: 0, end: undefined };
    shared.set(key, entry);
    clearTimeout(entry.end);
    entry.users += 1;
    const off = entry.session.subscribe(listener);
    return () => {
      off();
      entry.users -= 1;
      if (entry.users > 0) return;
      entry.end = setTimeout(() => {
        shared.delete(key);
        entry.session.close();
      }, LINGER_MS);
    };
  };
}
