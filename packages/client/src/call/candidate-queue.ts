/** More than any network gives. */
const MOST_KEPT = 200;

/**
 * Holds the other side's ICE candidates back until the description is known that they belong to: a browser refuses them before that.
 * After a reconnect they may also overtake the description of an ICE restart.
 */
export class CandidateQueue {
  readonly #connection: RTCPeerConnection;
  #early: RTCIceCandidateInit[] = [];

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  async push(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#connection.remoteDescription === null) this.#keep(candidate);
    else await this.#connection.addIceCandidate(candidate).catch(() => this.#keep(candidate));
  }

  /** To be called whenever the other side's description was set. Those that a browser still refuses are kept for the next one. */
  async release(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) await this.push(candidate);
  }

  #keep(candidate: RTCIceCandidateInit): void {
    this.#early = [...this.#early, candidate].slice(-MOST_KEPT);
  }
}
