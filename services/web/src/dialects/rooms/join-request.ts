import type { CommandError } from "@switchyard/client";
import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { RoomsConnection } from "./signals.ts";
import type { RoomsEvent, RoomsState } from "./state.ts";

/** Asks to be let into the room; the client goes on asking. */
export class JoinRequest {
  readonly #connection: RoomsConnection;
  readonly #store: Store<RoomsState, RoomsEvent>;

  constructor(connection: RoomsConnection, store: Store<RoomsState, RoomsEvent>) {
    this.#connection = connection;
    this.#store = store;
  }

  /** The event `joined-room` says that it has worked. */
  async ask(): Promise<void> {
    const place = this.#place();
    if (!place) return;
    const reply = await this.#connection.deliver("join-room", [place], () => this.#place() === place);
    if (reply?.ok === false && this.#place() === place) {
      this.#store.dispatch({ type: "left", notice: reasonText(reply.error) });
    }
  }

  /** It was refused for now. A room that is full is not waited for. */
  refused(error: CommandError): void {
    const place = this.#place();
    const notice = reasonText(error);
    if (error.code !== "room_full" || !place) return this.#store.dispatch({ type: "noticed", notice });
    this.#store.dispatch({ type: "left", notice });
    void this.#connection.deliver("leave-room", [{ roomId: place.roomId }]);
  }

  #place() {
    const { meeting } = this.#store.get();
    return meeting && meeting.stage !== "asking" ? meeting.place : null;
  }
}
