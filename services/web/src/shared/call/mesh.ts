import type { Kind, Media } from "../media/own-media.ts";
import { type CallOptions, type CallView, PeerCall } from "./peer-call.ts";
import type { Signal } from "./signal.ts";

/** One side of one call, as a mesh needs it. */
export type MeshCall = Pick<PeerCall, "receive" | "replace" | "close" | "isStrange">;

export interface MeshOptions {
  ownId: string;
  media: Media;
  kinds?: readonly Kind[];
  growing?: boolean;
  /** The same for all calls of the mesh. */
  iceServers: Promise<RTCIceServer[]>;
  /**
   * @param stillWanted whether the call that the signal belongs to is still there
   * @returns false if the server has refused it for good
   */
  send(peerId: string, signal: Signal, stillWanted: () => boolean): Promise<boolean>;
  /** @param view null if there is no longer a call with that participant */
  onChange(peerId: string, view: CallView | null): void;
  openCall?(options: CallOptions): MeshCall;
}

interface Entry {
  call: MeshCall;
  /** Whether the other one has offered it. */
  offered: boolean;
  /** Unix time in ms. */
  since: number;
}

const OFFER_WAIT_MS = 5000;
const AGAIN_MS = 1000;

/**
 * One call with each other participant. The later one sends the offer, maybe before the others have received its entry.
 * A participant that joins again with the same id has a new page, and the call with the former one is dropped. If a new
 * participant sends no offer, this side sends one after a while.
 */
export class Mesh {
  readonly #options: MeshOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #plans = new Map<string, ReturnType<typeof setTimeout>>();
  #media: Media;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#media = options.media;
  }

  /** Offers to a participant who was there before. */
  call(peerId: string): void {
    this.#open(peerId, true);
  }

  /** A participant has come, or come again, and offers. */
  expect(peerId: string): void {
    const entry = this.#entries.get(peerId);
    if (entry?.offered && Date.now() - entry.since < OFFER_WAIT_MS) return; // the offer was here first
    this.#callLater(peerId, OFFER_WAIT_MS);
  }

  receive(peerId: string, signal: Signal): void {
    let call = this.#entries.get(peerId)?.call;
    const strange = signal.kind !== "candidate" && call?.isStrange(signal.description);
    if (signal.kind === "offer" && (!call || strange)) call = this.#open(peerId, false);
    else if (strange) return;
    call?.receive(signal);
  }

  /** Only these are there now. */
  keepOnly(peerIds: Iterable<string>): void {
    const there = new Set(peerIds);
    for (const peerId of new Set([...this.#entries.keys(), ...this.#plans.keys()])) {
      if (!there.has(peerId)) this.drop(peerId);
    }
  }

  drop(peerId: string): void {
    clearTimeout(this.#plans.get(peerId));
    this.#plans.delete(peerId);
    const entry = this.#entries.get(peerId);
    if (!entry) return;
    entry.call.close();
    this.#entries.delete(peerId);
    this.#options.onChange(peerId, null);
  }

  replace(kind: Kind, track: MediaStreamTrack | null): void {
    if (this.#media[kind] === track) return;
    this.#media = { ...this.#media, [kind]: track };
    for (const { call } of this.#entries.values()) call.replace(kind, track);
  }

  close(): void {
    this.keepOnly([]);
  }

  #callLater(peerId: string, afterMs: number): void {
    this.drop(peerId);
    const plan = setTimeout(() => this.call(peerId), afterMs);
    this.#plans.set(peerId, plan);
  }

  #open(peerId: string, initiator: boolean): MeshCall {
    this.drop(peerId);
    const { ownId, kinds, growing, iceServers, onChange, openCall } = this.#options;
    const current = () => this.#entries.get(peerId)?.call === call;
    const options: CallOptions = {
      initiator,
      polite: ownId < peerId,
      media: this.#media,
      ...(kinds ? { kinds } : {}),
      ...(growing ? { growing } : {}),
      iceServers,
      send: (signal) => current() && void this.#send(peerId, signal, current),
      onChange: (view) => current() && onChange(peerId, view),
    };
    const call: MeshCall = openCall ? openCall(options) : new PeerCall(options);
    this.#entries.set(peerId, { call, offered: !initiator, since: Date.now() });
    return call;
  }

  /** A participant that is just joining may not be reachable yet: a refused offer is sent again. */
  async #send(peerId: string, signal: Signal, current: () => boolean): Promise<void> {
    const taken = await this.#options.send(peerId, signal, current);
    if (!taken && signal.kind === "offer" && current()) this.#callLater(peerId, AGAIN_MS);
  }
}
