import { type ConnectionState, type Store, WritableStore } from "@switchyard/client";
import type { Session } from "./hold.ts";

/** A connection, whatever its dialect. */
interface Link {
  readonly state: Store<ConnectionState>;
  close(lingerMs?: number): void;
}

/** The state of a session: the connection's, and its dialect's own. */
export type LiveState<Own, Kept> = ConnectionState &
  Own & {
    /** For commands and events that the hook does not have; null: none is open yet, or there are no options for one. */
    readonly connection: Kept | null;
  };

export const noConnection = {
  status: "connecting",
  missed: false,
  sessionId: null,
  transport: null,
  error: null,
  connection: null,
} as const;

/** A connection with what its events have made of a dialect's state. */
export abstract class Live<Own extends object, Kept extends Link> implements Session<LiveState<Own, Kept>> {
  readonly connection: Kept;
  readonly #store: WritableStore<LiveState<Own, Kept>>;
  readonly #end: () => void;
  readonly get: () => LiveState<Own, Kept>;
  readonly subscribe: (listener: () => void) => () => void;

  constructor(connection: Kept, initial: Own) {
    this.connection = connection;
    this.#store = new WritableStore<LiveState<Own, Kept>>({ ...connection.state.get(), connection, ...initial });
    this.get = this.#store.get;
    this.subscribe = this.#store.subscribe;
    this.#end = connection.state.subscribe(() => this.#follow());
  }

  close(): void {
    this.#end();
    this.connection.close(0); // the next session needs the events that only a new connection is sent
  }

  /** A new session has begun, and what belonged to the former one is over at the server. */
  protected onMissed(): void {}

  protected set(change: Partial<Own>): void {
    this.#store.set(change as Partial<LiveState<Own, Kept>>);
  }

  #follow(): void {
    const [former, now] = [this.#store.get().sessionId, this.connection.state.get()];
    if (now.missed && now.sessionId !== former) this.onMissed();
    this.#store.set(now as Partial<LiveState<Own, Kept>>);
  }
}
