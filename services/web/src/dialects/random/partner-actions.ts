import { reasonText } from "../../shared/error-text.ts";
import { type ReportGrounds, sendReport } from "../../shared/report/grounds.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomConnection } from "./signals.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

/** A person's actions about a partner whom it does not want to meet again. */
export class PartnerActions {
  readonly #connection: RandomConnection;
  readonly #store: Store<RandomState, RandomEvent>;
  readonly #leaveRoom: (roomId: string) => void;

  constructor(
    connection: RandomConnection,
    store: Store<RandomState, RandomEvent>,
    leaveRoom: (roomId: string) => void,
  ) {
    this.#connection = connection;
    this.#store = store;
    this.#leaveRoom = leaveRoom;
  }

  async block(): Promise<void> {
    const room = currentRoom(this.#store.get());
    if (!room) return;
    const reply = await this.#connection.ask("block_user", { roomId: room.id }).catch(() => null);
    if (currentRoom(this.#store.get())?.id !== room.id) return;
    if (reply?.ok) {
      this.#leaveRoom(room.id);
      this.#store.dispatch({ type: "blocked" });
    } else {
      const notice = reply ? reasonText(reply.error) : "The connection was lost. Try again.";
      this.#store.dispatch({ type: "noticed", notice });
    }
  }

  /**
   * Reports the partner of now, or the last one; the server blocks that partner too, and ends the room.
   * @returns why it could not be made; null: it was made
   */
  report(roomId: string, grounds: ReportGrounds): Promise<string | null> {
    return sendReport(
      () => this.#connection.ask("report_user", { roomId, ...grounds }),
      (noticed) => {
        if (currentRoom(this.#store.get())?.id === roomId) {
          this.#leaveRoom(roomId);
          this.#store.dispatch({ type: "blocked" });
        }
        this.#store.dispatch({ type: "reported", roomId });
        this.#store.dispatch(noticed);
      },
    );
  }
}
