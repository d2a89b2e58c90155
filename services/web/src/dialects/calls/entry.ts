import { type Acknowledged, reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { CallsConnection } from "./signals.ts";
import { type CallsEvent, type CallsState, me } from "./state.ts";

/** Joins and leaves a call. The person is in it once `call-started` or `call-participants` arrives. */
export class Entry {
  readonly #connection: CallsConnection;
  readonly #store: Store<CallsState, CallsEvent>;

  constructor(connection: CallsConnection, store: Store<CallsState, CallsEvent>) {
    this.#connection = connection;
    this.#store = store;
  }

  /** @param invited user ids */
  async start(id: string, invited: readonly string[], isVideo: boolean): Promise<void> {
    const initiator = me(this.#store.get());
    if (!initiator) return;
    const payload = { id, initiator, participants: [...invited], isVideo };
    const wanted = this.#stillWanted(id);
    const reply = await this.#connection.deliver("start-call", [payload], wanted);
    if (reply && wanted()) this.#finish(reply);
  }

  async join(callId: string): Promise<void> {
    const reply = await this.#ask(callId);
    if (reply) this.#finish(reply);
  }

  /** Comes back into the call that the person was in; if nobody else is left, it goes on with this person alone. */
  async again(): Promise<void> {
    const { call } = this.#store.get();
    if (call?.stage !== "entering") return;
    const reply = await this.#ask(call.id);
    const gone = reply?.ok === false && reply.error.code === "call_not_found";
    if (gone) await this.start(call.id, [], call.isVideo);
    else if (reply) this.#finish(reply);
  }

  leave(callId: string): void {
    const userId = me(this.#store.get())?.id;
    if (!userId) return;
    const hasLeft = () => this.#store.get().call?.id !== callId;
    void this.#connection.deliver("leave-call", [{ callId, userId }], hasLeft);
  }

  async #ask(callId: string): Promise<Acknowledged | null> {
    const user = me(this.#store.get());
    if (!user) return null;
    const wanted = this.#stillWanted(callId);
    const reply = await this.#connection.deliver("join-call", [{ callId, user }], wanted);
    return wanted() ? reply : null;
  }

  #finish(reply: Acknowledged): void {
    if (!reply.ok) this.#store.dispatch({ type: "call-over", notice: reasonText(reply.error) });
  }

  /** Whether that call is still to be entered, on this very connection. */
  #stillWanted(callId: string): () => boolean {
    const time = this.#store.get().call?.time;
    return () => {
      const { call } = this.#store.get();
      return call?.id === callId && call.time === time;
    };
  }
}
