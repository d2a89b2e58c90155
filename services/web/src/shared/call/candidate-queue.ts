/** Holds the partner's ICE candidates back until its description is known: a browser refuses them before that. */
export class CandidateQueue {
  readonly #add: (candidate: RTCIceCandidateInit) => Promise<void>;
  #early: RTCIceCandidateInit[] | null = [];

  constructor(add: (candidate: RTCIceCandidateInit) => Promise<void>) {
    this.#add = add;
  }

  async push(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#early) this.#early.push(candidate);
    else await this.#add(candidate);
  }

  /** To be called when the partner's description has been set; later calls change nothing. */
  async release(): Promise<void> {
    const early = this.#early ?? [];
    this.#early = null;
    for (const candidate of early) await this.#add(candidate);
  }
}
