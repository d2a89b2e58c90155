import { kinds as bothKinds, type Kind, type Media } from "../media/own-media.ts";
import { CandidateQueue, originOf, type Signal } from "./signal.ts";

export interface CallView {
  state: "none" | "connecting" | "connected" | "restarting" | "failed";
  remote: MediaStream | null;
}

export const noCall: CallView = { state: "none", remote: null };

export interface CallOptions {
  /** Whether this side sends the offer; true for exactly one of the two. */
  initiator: boolean;
  /** Whether this side gives way if both send offers at once; true for exactly one of the two. */
  polite: boolean;
  /** The media sent at first; without any, the partner can still be seen and heard. */
  media: Media;
  /** The kinds of media of the call. Default: audio and video. */
  kinds?: readonly Kind[];
  /** Whether a track may be sent later of a kind that has none yet. */
  growing?: boolean;
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
  readonly #remote = new MediaStream();
  readonly #local = new MediaStream();
  #media: Media;
  #connection: RTCPeerConnection | null = null;
  #candidates: CandidateQueue | null = null;
  #work: Promise<void>;
  #view: CallView = { state: "connecting", remote: null };
  #answered: string | undefined;
  #origin: string | undefined;
  #restarted = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#media = options.media;
    this.#work = this.#open();
    if (options.initiator) this.#then((connection) => this.#offer(connection));
  }

  /** Whether a description is from another connection of the partner than the one that this call is with. */
  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#origin !== undefined && this.#origin !== originOf(description);
  }

  receive(signal: Signal): void {
    if (signal.kind !== "candidate") this.#origin = originOf(signal.description);
    this.#then((connection) => this.#apply(connection, signal));
  }

  /** Sends another track, or none, from now on; no new offer is needed for it. */
  replace(kind: Kind, track: MediaStreamTrack | null): void {
    this.#media = { ...this.#media, [kind]: track };
    this.#then(async (connection) => {
      const sender = senderOf(connection, kind);
      if (sender) await sender.replaceTrack(track);
      else if (track) connection.addTrack(track, this.#local);
    });
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
    connection.addEventListener("track", ({ track }) => {
      this.#remote.addTrack(track);
      this.#show({ remote: this.#remote });
    });
    connection.addEventListener("connectionstatechange", () => this.#onState(connection.connectionState));
    this.#addMedia(connection);
    this.#show({});
  }

  #addMedia(connection: RTCPeerConnection): void {
    const { initiator, growing, kinds = bothKinds } = this.#options;
    for (const kind of kinds) {
      const track = this.#media[kind];
      // Not a transceiver of our own making: only those of `addTrack` are used for what the partner offers.
      if (track) connection.addTrack(track, this.#local);
      else if (initiator) connection.addTransceiver(kind, { direction: growing ? "sendrecv" : "recvonly" });
    }
  }

  async #apply(connection: RTCPeerConnection, signal: Signal): Promise<void> {
    if (signal.kind === "candidate") {
      if (signal.candidate) await this.#candidates?.push(signal.candidate);
    } else if (signal.kind === "offer") {
      await this.#answer(connection, signal.description);
    } else if (connection.signalingState === "have-local-offer") {
      await connection.setRemoteDescription(signal.description);
      await this.#candidates?.release();
    }
  }

  async #answer(connection: RTCPeerConnection, offer: RTCSessionDescriptionInit): Promise<void> {
    const bothOffer = connection.signalingState === "have-local-offer";
    if (this.#answered === offer.sdp || (bothOffer && !this.#options.polite)) return;
    this.#answered = offer.sdp;
    await connection.setRemoteDescription(offer); // takes an own offer back
    if (this.#options.growing)
      for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
    await connection.setLocalDescription();
    this.#options.send({ kind: "answer", description: localDescription(connection) });
    await this.#candidates?.release();
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

/** The sender of a kind of media; one that both sides know comes first. */
function senderOf(connection: RTCPeerConnection, kind: Kind): RTCRtpSender | undefined {
  const those = connection.getTransceivers().filter(({ receiver }) => receiver.track.kind === kind);
  return (those.find(({ mid }) => mid !== null) ?? those[0])?.sender;
}

function localDescription({ localDescription: description }: RTCPeerConnection): RTCSessionDescriptionInit {
  if (!description) throw new Error("The connection has no local description yet.");
  return { type: description.type, sdp: description.sdp };
}
