import type { CommandError } from "@switchyard/client";
import { LocalMedia, type SignalChannel, signalsWith } from "@switchyard/client/call";
import type { Description } from "@switchyard/client-types";
import { CallKeeper, type OpenCall } from "../../shared/call/call-keeper.ts";
import { reasonText } from "../../shared/error-text.ts";
import { randomUuid } from "../../shared/identity.ts";
import { keepMedia } from "../../shared/media/own-media.ts";
import type { Store } from "../../shared/store.ts";
import { type ChatConnection, wantedCall, wantsMedia } from "./signals.ts";

import { type ChatEvent, type ChatState, ownName, peerOf } from "./state.ts";

export interface CallSurroundings {
  openCall?: OpenCall;
}

/** Makes and takes calls. An offer is the invitation; it waits here, with what follows it, until the person has taken the call. */
export class CallDesk {
  readonly #connection: ChatConnection;
  readonly #store: Store<ChatState, ChatEvent>;
  readonly local = new LocalMedia();
  readonly #call: CallKeeper;
  #rung: SignalChannel | undefined;

  constructor(connection: ChatConnection, store: Store<ChatState, ChatEvent>, { openCall }: CallSurroundings) {
    this.#connection = connection;
    this.#store = store;
    this.#call = new CallKeeper({
      connection: () => connection.current,
      local: this.local,
      onChange: (key, view) => {
        if (view.error) this.#onRefused(view.error);
        else store.dispatch({ type: "call-changed", key, view });
      },
      openCall,
    });
    keepMedia(store, this.local, wantsMedia);
  }

  /** To be called after every change of the state. */
  follow(state: ChatState): void {
    this.#call.follow(wantedCall(state, this.#rung));
    if (state.call.name !== "none") return;
    this.#rung?.close();
    this.#rung = undefined;
  }

  async call(peer: string): Promise<void> {
    if (this.#store.get().call.name === "none") await this.#askCamera(peer, "call");
  }

  async accept(): Promise<void> {
    const { call } = this.#store.get();
    if (call.name === "ringing") await this.#askCamera(call.peer, "accept");
  }

  /** Ends a call, at whatever point it is, or declines it. */
  end(): void {
    const peer = peerOf(this.#store.get());
    if (peer === null) return;
    this.#store.dispatch({ type: "call-over", notice: null });
    void this.#connection.deliver("end_call", [{ to: peer }], () => peerOf(this.#store.get()) !== peer);
  }

  onOffer(from: string, offer: Description): void {
    const { call } = this.#store.get();
    if (peerOf(this.#store.get()) === from) {
      if (call.name === "active" && !this.#call.isStrange(offer)) return;
      if (call.name === "active") this.#store.dispatch({ type: "call-over", notice: null }); // a new page, a new call
      // Both call at once: one of them, the same for both, takes the other's call.
      if (call.name === "calling" && (ownName(this.#store.get()) ?? "") < from) return;
    } else if (call.name !== "none") {
      return this.#store.dispatch({ type: "noticed", notice: `${from} has tried to call you.` });
    }
    this.#rung?.close();
    this.#rung = signalsWith(this.#connection.current, { to: from }, offer);
    if (this.#store.get().call.name === "calling") this.#take(from);
    else this.#store.dispatch({ type: "rung", peer: from });
  }

  onAnswer(from: string): void {
    if (peerOf(this.#store.get()) === from) this.#store.dispatch({ type: "answered" });
  }

  onEnded(from: string): void {
    const { call } = this.#store.get();
    if (peerOf(this.#store.get()) !== from) return;
    const notice = call.name === "calling" ? `${from} did not take the call.` : `${from} has ended the call.`;
    this.#store.dispatch({ type: "call-over", notice });
  }

  onAnsweredElsewhere(from: string): void {
    const { call } = this.#store.get();
    const here = call.name === "ringing" || (call.name === "asking" && call.goal === "accept");
    if (!here || call.peer !== from) return;
    this.#store.dispatch({ type: "call-over", notice: "You have answered in another window." });
  }

  async #askCamera(peer: string, goal: "call" | "accept"): Promise<void> {
    const { dispatch, get } = this.#store;
    dispatch({ type: "asked-camera", peer, goal });
    if (!(await this.local.open())) return;
    const { call } = get();
    if (call.name !== "asking" || call.peer !== peer) return;
    if (call.goal === "accept") this.#take(peer);
    else dispatch({ type: "calling", peer, key: randomUuid() });
  }

  #take(peer: string): void {
    this.#store.dispatch({ type: "taken", peer, key: randomUuid() });
    this.#rung = undefined; // it is the call's
  }

  #onRefused(refusal: CommandError): void {
    this.#store.dispatch({ type: "call-over", notice: reasonText(refusal) });
  }
}
