import { CandidateQueue } from "./candidate-queue.ts";
import { type Kind, kindOf, type Tracks } from "./local-media.ts";
import { originOf, type Signal } from "./signals.ts";

export interface NegotiationParts {
  connection: RTCPeerConnection;
  /** Nothing is offered or answered before. */
  ready: Promise<void>;
  /** Whether this side gives way if both offer at once; true for exactly one of the two. */
  polite: boolean;
  /** Whether this side may make the first offer. */
  initiator: boolean;
  kinds: readonly Kind[];
  /** Whether a kind without a track is negotiated like one that has one. */
  reserve: boolean;
  tracks(): Tracks;
  send(signal: Signal): void;
  /** Both sides agree on what is sent. */
  onSettled(): void;
}

/**
 * Perfect negotiation (W3C WebRTC, 10.7) of one RTCPeerConnection. Steps run one after the other, so an offer that comes in the midst
 * of an own one is found by the signaling state alone. Both sides use one transceiver for each kind: a track is replaced without
 * another offer, and one is needed only when a kind begins or ends to be sent.
 */
export class Negotiation {
  readonly #parts: NegotiationParts;
  readonly #candidates: CandidateQueue;
  /** Tracks of one stream are played in step. */
  readonly #stream = new MediaStream();
  #work: Promise<unknown>;
  #mayOffer: boolean;
  #origin: string | undefined;
  #answered: string | undefined;

  constructor(parts: NegotiationParts) {
    this.#parts = parts;
    this.#work = parts.ready;
    this.#mayOffer = parts.initiator;
    const { connection, send } = parts;
    this.#candidates = new CandidateQueue(connection);
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) send({ kind: "candidate", candidate: candidate.toJSON() });
    });
    connection.addEventListener("negotiationneeded", () => this.#then(() => this.#offer()));
    if (parts.initiator) this.#addKinds();
  }

  /** Whether a description is from another connection of the other side than the one that this negotiation is with. */
  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#origin !== undefined && this.#origin !== originOf(description);
  }

  receive(signal: Signal): void {
    if (signal.kind === "candidate") {
      const { candidate } = signal;
      if (candidate) this.#then(() => this.#candidates.push(candidate));
      return;
    }
    this.#then(() => (signal.kind === "offer" ? this.#answer(signal.description) : this.#accept(signal.description)));
  }

  /** Offers though it was for the other side to do so, or once more: nothing came of the last offer. */
  offerAgain(): void {
    this.#mayOffer = true;
    this.#then(async () => {
      if (this.#parts.connection.getTransceivers().length === 0) this.#addKinds();
      await this.#offer(true);
    });
  }

  /** Sends what `tracks` says from now on. */
  replace(): void {
    this.#then(() => this.#bind());
  }

  /** The tracks that the other side sends. */
  remoteTracks(): MediaStreamTrack[] {
    const received = this.#parts.connection
      .getTransceivers()
      .filter(({ currentDirection }) => currentDirection === "sendrecv" || currentDirection === "recvonly");
    return received.map(({ receiver }) => receiver.track);
  }

  #addKinds(): void {
    for (const kind of this.#parts.kinds) this.#add(kind);
  }

  #add(kind: Kind): void {
    const { connection, tracks } = this.#parts;
    const track = tracks()[kind];
    // A transceiver of `addTrack` is also used for what the other side offers, if both offer at once.
    if (track) connection.addTrack(track, this.#stream);
    else connection.addTransceiver(kind, { direction: this.#directionOf(kind) });
  }

  #directionOf(kind: Kind): "sendrecv" | "recvonly" {
    return this.#parts.reserve || this.#parts.tracks()[kind] ? "sendrecv" : "recvonly";
  }

  /** @param again whether an own offer may be on its way already */
  async #offer(again = false): Promise<void> {
    const { connection, send } = this.#parts;
    if (!this.#mayOffer || (!again && connection.signalingState !== "stable")) return;
    await connection.setLocalDescription();
    send({ kind: "offer", description: descriptionOf(connection) });
  }

  async #answer(offer: RTCSessionDescriptionInit): Promise<void> {
    const { connection, polite, send } = this.#parts;
    const bothOffer = connection.signalingState !== "stable";
    if (this.#answered === offer.sdp || (bothOffer && !polite)) return;
    this.#answered = offer.sdp;
    this.#origin = originOf(offer);
    this.#mayOffer = true;
    await connection.setRemoteDescription(offer); // takes an own offer back
    await this.#bind();
    await connection.setLocalDescription();
    send({ kind: "answer", description: descriptionOf(connection) });
    await this.#settle();
  }

  async #accept(answer: RTCSessionDescriptionInit): Promise<void> {
    const { connection } = this.#parts;
    if (connection.signalingState !== "have-local-offer") return;
    this.#origin = originOf(answer);
    await connection.setRemoteDescription(answer);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await this.#bind(); // a track may have changed meanwhile
    this.#parts.onSettled();
    await this.#candidates.release();
  }

  /** Puts the tracks into the transceivers that both sides know; others, of an offer that was taken back, go. */
  async #bind(): Promise<void> {
    const { connection, kinds, tracks } = this.#parts;
    for (const kind of kinds) {
      const all = connection.getTransceivers().filter((transceiver) => kindOf(transceiver.receiver.track) === kind);
      const bound = all.find(({ mid }) => mid !== null) ?? all[0];
      if (!bound) {
        if (connection.remoteDescription && tracks()[kind]) this.#add(kind);
        continue;
      }
      for (const other of all) if (other !== bound && other.mid === null) other.stop();
      if (bound.currentDirection === "stopped" || bound.direction === "stopped") continue;
      await bound.sender.replaceTrack(tracks()[kind]);
      if (bound.currentDirection === null) bound.sender.setStreams(this.#stream);
      const direction = this.#directionOf(kind);
      if (bound.direction !== direction) bound.direction = direction;
    }
  }

  /** A step that fails is a description or track that the browser does not take: the next offer may mend it. */
  #then(step: () => Promise<unknown>): void {
    const { connection } = this.#parts;
    this.#work = this.#work.then(() => (connection.signalingState === "closed" ? undefined : step())).catch(() => {});
  }
}

function descriptionOf({ localDescription }: RTCPeerConnection): RTCSessionDescriptionInit {
  if (!localDescription) throw new Error("The connection has no local description yet.");
  return { type: localDescription.type, sdp: localDescription.sdp };
}
