/** A signal from one side of a call to the other, independent of the dialect. */
export type Signal =
  | { kind: "offer"; description: RTCSessionDescriptionInit }
  | { kind: "answer"; description: RTCSessionDescriptionInit }
  | { kind: "candidate"; candidate: RTCIceCandidateInit | null };

/**
 * Which connection of its maker a description belongs to: the session id of SDP's origin line (RFC 8866, 5.2), which stays
 * the same as long as the connection lives (RFC 8829, 5.2.2). Undefined where there is none.
 */
export function originOf({ sdp }: RTCSessionDescriptionInit): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp ?? "")?.[1];
}

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
