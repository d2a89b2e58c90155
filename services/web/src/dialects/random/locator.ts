import type { Store } from "../../shared/store.ts";
import type { RandomConnection } from "./signals.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

const LOCATE_MS = 5000;

/** Asks which nodes hold the two sides of a conversation, from time to time while there is one. */
export class Locator {
  readonly #connection: RandomConnection;
  readonly #store: Store<RandomState, RandomEvent>;
  #asking: ReturnType<typeof setInterval> | undefined;

  constructor(connection: RandomConnection, store: Store<RandomState, RandomEvent>) {
    this.#connection = connection;
    this.#store = store;
  }

  start(): void {
    this.#asking = setInterval(() => currentRoom(this.#store.get()) && void this.locate(), LOCATE_MS);
  }

  stop(): void {
    clearInterval(this.#asking);
  }

  async locate(): Promise<void> {
    const room = currentRoom(this.#store.get())?.id;
    const reply = await this.#connection.ask("where", {}).catch(() => null);
    if (!reply?.ok || currentRoom(this.#store.get())?.id !== room) return;
    this.#store.dispatch({ type: "located", node: reply.node, partnerNode: reply.partnerNode });
  }
}
