import { CommandError } from "../command-error.ts";
import { type Store, WritableStore } from "../store.ts";
import type { CallOptions, CallState } from "./call-options.ts";
import { type Kind, LocalMedia } from "./local-media.ts";
import { Negotiation } from "./negotiation.ts";
import { onNetworkChange } from "./network.ts";
import type { Signal } from "./signals.ts";
import { StatisticsStore } from "./statistics.ts";

const bothKinds: readonly Kind[] = ["audio", "video"];
/** How long an offer of the other side is waited for. */
const OFFER_WAIT_MS = 5000;
/** When an offer that was refused is made again. */
const AGAIN_MS = 1000;
/** How long media may stand still before another way is looked for. */
const STILL_MS = 3000;
const FAILED_MS = 15_000;

/** A call with one other side, for as long as both want it: over reconnects, changes of the network, and a reload at the other side. */
export class Call {
  readonly #state = new WritableStore<CallState>({ status: "connecting", remote: null, error: null });
  readonly state: Store<CallState> = this.#state;
  /** The media that this side sends. */
  readonly local: LocalMedia;
  readonly stats = new StatisticsStore(async () => (this.#isClosed ? null : this.#connection.getStats()));
  readonly #options: CallOptions;
  readonly #ends: readonly (() => void)[];
  #maxBitrate: number | undefined;
  #connection: RTCPeerConnection;
  #negotiation: Negotiation;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CallOptions) {
    const { initiator = !options.polite, signals, local } = options;
    this.#options = options;
    this.local = local ?? new LocalMedia();
    [this.#connection, this.#negotiation] = this.#open(initiator);
    if (!initiator) this.#offerLater(OFFER_WAIT_MS);
    let { tracks } = this.local.get();
    this.#ends = [
      this.local.subscribe(() => {
        if (tracks === this.local.get().tracks) return;
        ({ tracks } = this.local.get());
        this.#negotiation.replace();
      }),
      signals.onSignal((signal) => this.#receive(signal)),
      signals.onMissed(() => this.#onMissed()),
      onNetworkChange(this.restart),
      () => signals.close(),
      () => local ?? this.local.close(),
    ];
  }

  /** Whether a description is from another connection of the other side than the one that the call is with. */
  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#negotiation.isStrange(description);
  }

  /** Looks for another way of the media (ICE restart). The call does so by itself when it fails, or the network changes. */
  readonly restart = (): void => {
    const connection = this.#connection;
    if (this.#isClosed || connection.remoteDescription === null) return;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#state.set({ status: "failed" }), FAILED_MS);
    void this.#configure(connection).then(() => connection.restartIce()); // leads to an offer
  };

  /** @param maxBitrate of the picture that is sent, in bits a second; undefined: as the browser finds right */
  limit(maxBitrate: number | undefined): void {
    if (maxBitrate === this.#maxBitrate) return;
    this.#maxBitrate = maxBitrate;
    this.#applyLimit();
  }

  /** Ends this side, however often. The other side learns it from the dialect's own event. */
  close(): void {
    if (this.#isClosed) return;
    this.#state.set({ status: "closed", remote: null });
    for (const end of this.#ends) end();
    clearTimeout(this.#wait);
    clearTimeout(this.#deadline);
    this.#connection.close();
  }

  get #isClosed(): boolean {
    return this.#state.get().status === "closed";
  }

  #open(initiator: boolean): [RTCPeerConnection, Negotiation] {
    const { relayOnly = false, polite, kinds = bothKinds, reserve = false } = this.#options;
    const connection = new RTCPeerConnection({ iceTransportPolicy: relayOnly ? "relay" : "all" });
    const isCurrent = () => connection === this.#connection && !this.#isClosed;
    connection.addEventListener("connectionstatechange", () => {
      if (isCurrent()) this.#onConnectionState(connection.connectionState);
    });
    const negotiation = new Negotiation({
      connection,
      ready: this.#configure(connection),
      polite,
      initiator,
      kinds,
      reserve,
      tracks: () => this.local.get().tracks,
      send: (signal) => isCurrent() && this.#send(signal),
      onSettled: () => isCurrent() && this.#onSettled(negotiation),
    });
    return [connection, negotiation];
  }

  async #configure(connection: RTCPeerConnection): Promise<void> {
    const { iceServers } = this.#options;
    if (!iceServers) return;
    const servers = await iceServers().catch(() => null);
    if (servers && connection.signalingState !== "closed")
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers: servers });
  }

  #receive(signal: Signal): void {
    if (signal.kind !== "candidate" && this.#negotiation.isStrange(signal.description)) {
      if (signal.kind !== "offer" || this.#options.renewable === false) return;
      // The other side has begun anew: nothing of the former connection can be used.
      const former = this.#connection;
      [this.#connection, this.#negotiation] = this.#open(false);
      former.close();
      clearTimeout(this.#deadline);
      this.#state.set({ status: "connecting", remote: null });
    }
    this.#negotiation.receive(signal);
  }

  #onSettled(negotiation: Negotiation): void {
    const tracks = negotiation.remoteTracks();
    const known = this.#state.get().remote?.getTracks() ?? [];
    const isSame = tracks.length === known.length && tracks.every((track) => known.includes(track));
    this.#state.set({ error: null });
    if (!isSame) this.#state.set({ remote: tracks.length > 0 ? new MediaStream(tracks) : null });
    this.#applyLimit();
  }

  #onConnectionState(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      clearTimeout(this.#deadline);
      this.#state.set({ status: "connected" });
    } else if (state === "disconnected") {
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#lookElsewhere(), STILL_MS);
    } else if (state === "failed") {
      this.#lookElsewhere();
    }
  }

  #lookElsewhere(): void {
    if (this.#state.get().status !== "failed") this.#state.set({ status: "restarting" });
    this.restart();
  }

  /** A signal in either direction may be lost. Media that flows needs none. */
  #onMissed(): void {
    const { connectionState, signalingState } = this.#connection;
    if (connectionState !== "connected" || signalingState !== "stable") this.#negotiation.offerAgain();
  }

  #send(signal: Signal): void {
    this.#options.signals.send(signal).catch((error: unknown) => {
      if (this.#isClosed || signal.kind === "candidate" || !(error instanceof CommandError)) return;
      this.#state.set({ error });
      if (signal.kind === "offer") this.#offerLater(AGAIN_MS);
    });
  }

  #offerLater(afterMs: number): void {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => {
      const { remoteDescription, signalingState } = this.#connection;
      if (remoteDescription === null || signalingState !== "stable") this.#negotiation.offerAgain();
    }, afterMs);
  }

  #applyLimit(): void {
    for (const sender of this.#connection.getSenders()) {
      if (sender.track?.kind !== "video") continue;
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) {
        if (this.#maxBitrate === undefined) delete encoding.maxBitrate;
        else encoding.maxBitrate = this.#maxBitrate;
      }
      void sender.setParameters(parameters).catch(() => {}); // not negotiated yet: it is applied then
    }
  }
}
