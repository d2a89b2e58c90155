import type { Description, Refusal } from "@switchyard/client-types";
import type { Signal } from "../../shared/call/signal.ts";
import { type OpenCall, SingleCall } from "../../shared/call/single-call.ts";
import { deliver } from "../../shared/connection/deliver.ts";
import { reasonText } from "../../shared/error-text.ts";
import { randomUuid } from "../../shared/identity.ts";
import { type Camera, closeCamera } from "../../shared/media/camera.ts";
import type { Store } from "../../shared/store.ts";
import { type ChatSocket, emitSignal, wantedCall } from "./signals.ts";

import { type ChatEvent, type ChatState, ownName, peerOf, tokenOf } from "./state.ts";

export interface CallSurroundings {
  openCamera(): Promise<Camera>;
  /** @param token of the account, if somebody has logged in */
  iceServers(token?: string): Promise<RTCIceServer[]>;
  openCall?: OpenCall;
}

/** Makes and takes calls. An offer is the invitation; it waits here, with what follows it, until the person has taken the call. */
export class CallDesk {
  readonly #socket: ChatSocket;
  readonly #store: Store<ChatState, ChatEvent>;
  readonly #openCamera: () => Promise<Camera>;
  readonly #call: SingleCall;
  #waiting: Signal[] = [];

  constructor(
    socket: ChatSocket,
    store: Store<ChatState, ChatEvent>,
    { openCamera, iceServers, openCall }: CallSurroundings,
  ) {
    this.#socket = socket;
    this.#store = store;
    this.#openCamera = openCamera;
    this.#call = new SingleCall({
      iceServers: () => iceServers(tokenOf(store.get())),
      emit: (to, signal) => emitSignal(socket, to, signal),
      onChange: (key, view) => store.dispatch({ type: "call-changed", key, view }),
      onRefused: (_, refusal) => this.#onRefused(refusal),
      openCall,
    });
  }

  /** To be called after every change of the state. */
  follow(state: ChatState): void {
    this.#call.follow(wantedCall(state));
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
    void deliver(
      () => this.#socket.emitWithAck("end_call", { to: peer }),
      () => peerOf(this.#store.get()) !== peer,
    );
  }

  onOffer(from: string, offer: Description): void {
    const { call } = this.#store.get();
    const signal: Signal = { kind: "offer", description: offer };
    if (peerOf(this.#store.get()) === from) {
      if (call.name === "active" && !this.#call.isStrange(offer)) return this.#call.receive(signal);
      if (call.name === "active") this.#store.dispatch({ type: "call-over", notice: null }); // a new page, a new call
      // Both call at once: one of them, the same for both, takes the other's call.
      if (call.name === "calling" && (ownName(this.#store.get()) ?? "") < from) return;
    } else if (call.name !== "none") {
      return this.#store.dispatch({ type: "noticed", notice: `${from} has tried to call you.` });
    }
    this.#waiting = [signal];
    if (this.#store.get().call.name === "calling") this.#take(from);
    else this.#store.dispatch({ type: "rung", peer: from });
  }

  onAnswer(from: string, answer: Description): void {
    if (peerOf(this.#store.get()) !== from) return;
    this.#store.dispatch({ type: "answered" });
    this.#call.receive({ kind: "answer", description: answer });
  }

  onCandidate(from: string, signal: Signal): void {
    const { call } = this.#store.get();
    if (peerOf(this.#store.get()) !== from) return;
    if (call.name === "calling" || call.name === "active") this.#call.receive(signal);
    else this.#waiting.push(signal);
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
    const camera = await this.#openCamera();
    const { call } = get();
    if (call.name !== "asking" || call.peer !== peer) return closeCamera(camera);
    dispatch({ type: "camera-answered", camera });
    if (call.goal === "accept") this.#take(peer);
    else dispatch({ type: "calling", peer, key: randomUuid() });
  }

  #take(peer: string): void {
    this.#store.dispatch({ type: "taken", peer, key: randomUuid() });
    for (const signal of this.#waiting) this.#call.receive(signal);
    this.#waiting = [];
  }

  #onRefused(refusal: Refusal): void {
    this.#store.dispatch({ type: "call-over", notice: reasonText(refusal) });
  }
}
