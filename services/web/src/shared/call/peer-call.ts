import { CandidateQueue } from "./candidate-queue.ts";

/** What one side of a call tells the other, through whatever signaling there is. */
export type Signal =
  | { kind: "offer"; description: RTCSessionDescriptionInit }
  | { kind: "answer"; description: RTCSessionDescriptionInit }
  | { kind: "candidate"; candidate: RTCIceCandidateInit | null };

export interface CallView {
  state: "none" | "connecting" | "connected" | "restarting" | "failed";
  remote: MediaStream | null;
}

export const noCall: CallView = { state: "none", remote: null };

export interface CallOptions {
  initiator: boolean;
  /** What is sent; null: nothing, the partner can still be seen. */
  local: MediaStream | null;
  iceServers: Promise<RTCIceServer[]>;
  send(signal: Signal): void;
  onChange(view: CallView): void;
}

const RESTART_MS = 15_000;

/**
 * One WebRTC call with one partner. Signals may come in twice, and from the very first moment: they are worked off one by one
 * once the connection is there. A connection that fails is given one ICE restart, which the initiator offers.
 */
export class PeerCall {
  readonly #options: CallOptions;
  #connection: RTCPeerConnection | null = null;
  #candidates: CandidateQueue | null = null;
  #work: Promise<void>;
  #view: CallView = { state: "connecting", remote: null };
  #answered: string | undefined;
  #restarted = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#work = this.#open();
    if (options.initiator) this.#then((connection) => this.#offer(connection));
  }

  receive(signal: Signal): void {
    this.#then((connection) => this.#apply(connection, signal));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#deadline);
    this.#connection?.close();
  }

  async #open(): Promise<void> {
    const iceServers = await this.#options.iceServers;
    if (this.#closed) return;
    const connection = new RTCPeerConnection({ iceServers });
    this.#connection = connection;
    // A candidate that the browser does not take (it belongs to a description that an ICE restart replaced) is no loss.
    this.#candidates = new CandidateQueue((candidate) => connection.addIceCandidate(candidate).catch(() => {}));
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) this.#options.send({ kind: "candidate", candidate: candidate.toJSON() });
    });
    connection.addEventListener("track", ({ streams, track }) => {
      this.#show({ remote: streams[0] ?? new MediaStream([track]) });
    });
    connection.addEventListener("connectionstatechange", () => this.#onState(connection.connectionState));
    this.#addMedia(connection);
    this.#show({});
  }

  #addMedia(connection: RTCPeerConnection): void {
    const { local, initiator } = this.#options;
    for (const track of local?.getTracks() ?? []) connection.addTrack(track, local ?? new MediaStream());
    if (local || !initiator) return;
    connection.addTransceiver("video", { direction: "recvonly" });
    connection.addTransceiver("audio", { direction: "recvonly" });
  }

  async #apply(connection: RTCPeerConnection, signal: Signal): Promise<void> {
    if (signal.kind === "candidate") {
      if (signal.candidate) await this.#candidates?.push(signal.candidate);
    } else if (signal.kind === "offer") {
      if (this.#answered === signal.description.sdp) return;
      this.#answered = signal.description.sdp;
      await connection.setRemoteDescription(signal.description);
      await connection.setLocalDescription();
      this.#options.send({ kind: "answer", description: localDescription(connection) });
      await this.#candidates?.release();
    } else if (connection.signalingState === "have-local-offer") {
      await connection.setRemoteDescription(signal.description);
      await this.#candidates?.release();
    }
  }

  async #offer(connection: RTCPeerConnection, options: RTCOfferOptions = {}): Promise<void> {
    await connection.setLocalDescription(await connection.createOffer(options));
    this.#options.send({ kind: "offer", description: localDescription(connection) });
  }

  #onState(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      this.#restarted = false;
      clearTimeout(this.#deadline);
      this.#show({ state: "connected" });
    } else if (state === "failed" && this.#restarted) {
      this.#show({ state: "failed" });
    } else if (state === "failed") {
      this.#restart();
    }
  }

  #restart(): void {
    this.#restarted = true;
    this.#show({ state: "restarting" });
    this.#deadline = setTimeout(() => this.#show({ state: "failed" }), RESTART_MS);
    if (this.#options.initiator) this.#then((connection) => this.#offer(connection, { iceRestart: true }));
  }

  #show(change: Partial<CallView>): void {
    if (this.#closed) return;
    this.#view = { ...this.#view, ...change };
    this.#options.onChange(this.#view);
  }

  /** Runs a step after all earlier ones. A step that fails (a description the browser does not take) ends the call, not the page. */
  #then(step: (connection: RTCPeerConnection) => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#connection && !this.#closed ? step(this.#connection) : undefined))
      .catch(() => this.#show({ state: "failed" }));
  }
}

function localDescription({ localDescription: description }: RTCPeerConnection): RTCSessionDescriptionInit {
  if (!description) throw new Error("The connection has no local description yet.");
  return { type: description.type, sdp: description.sdp };
}
