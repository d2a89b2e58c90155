import type { Ack } from "@switchyard/client-types";
import { deliver } from "../../shared/connection/deliver.ts";
import { reasonText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { CallsSocket } from "./signals.ts";
import { type CallsEvent, type CallsState, me } from "./state.ts";

/** Joins and leaves a call. The person is in it once `call-started` or `call-participants` arrives. */
export class Entry {
  readonly #socket: CallsSocket;
  readonly #store: Store<CallsState, CallsEvent>;

  constructor(socket: CallsSocket, store: Store<CallsState, CallsEvent>) {
    this.#socket = socket;
    this.#store = store;
  }

  /** @param invited user ids */
  async start(id: string, invited: readonly string[], isVideo: boolean): Promise<void> {
    const initiator = me(this.#store.get());
    if (!initiator) return;
    const payload = { id, initiator, participants: [...invited], isVideo };
    const wanted = this.#stillWanted(id);
    const reply = await deliver(() => this.#socket.emitWithAck("start-call", payload), wanted);
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
    void deliver(
      () => this.#socket.emitWithAck("leave-call", { callId, userId }),
      () => this.#store.get().call?.id !== callId,
    );
  }

  async #ask(callId: string): Promise<Ack | null> {
    const user = me(this.#store.get());
    if (!user) return null;
    const wanted = this.#stillWanted(callId);
    const reply = await deliver(() => this.#socket.emitWithAck("join-call", { callId, user }), wanted);
    return wanted() ? reply : null;
  }

  #finish(reply: Ack): void {
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
