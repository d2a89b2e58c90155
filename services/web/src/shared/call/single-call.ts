import type { Ack, Refusal } from "@switchyard/client-types";
import { deliver } from "../connection/deliver.ts";
import type { Media } from "../media/own-media.ts";
import { type CallOptions, type CallView, PeerCall } from "./peer-call.ts";
import type { Signal } from "./signal.ts";

/** The call that there should be now. */
export interface WantedCall {
  /** Another key is another call. */
  key: string;
  /** Where its signals go to. */
  to: string;
  initiator: boolean;
  media: Media;
}

export type OpenCall = (options: CallOptions) => Pick<PeerCall, "receive" | "close" | "isStrange">;

interface SingleCallOptions {
  /** Asked anew for each call. */
  iceServers(): Promise<RTCIceServer[]>;
  /** Rejects when the connection was lost before the acknowledgement came. */
  emit(to: string, signal: Signal): Promise<Ack>;
  onChange(key: string, view: CallView): void;
  /** An offer or answer was refused for good. */
  onRefused?(key: string, refusal: Refusal): void;
  openCall?: OpenCall | undefined;
}

/** Keeps exactly the one call open that is wanted, and carries its signals. */
export class SingleCall {
  readonly #options: SingleCallOptions;
  #key: string | null = null;
  #call: ReturnType<OpenCall> | null = null;

  constructor(options: SingleCallOptions) {
    this.#options = options;
  }

  /** To be called after every change. */
  follow(wanted: WantedCall | null): void {
    if ((wanted?.key ?? null) === this.#key) return;
    this.#call?.close();
    this.#call = null;
    this.#key = wanted?.key ?? null;
    if (wanted) this.#open(wanted);
  }

  receive(signal: Signal): void {
    this.#call?.receive(signal);
  }

  /** Whether a description is from another connection than the one that the call is with. */
  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#call?.isStrange(description) ?? false;
  }

  #open({ key, to, initiator, media }: WantedCall): void {
    const { iceServers, onChange, openCall = (options) => new PeerCall(options) } = this.#options;
    const current = () => this.#key === key;
    this.#call = openCall({
      initiator,
      polite: !initiator,
      media,
      iceServers: iceServers(),
      send: (signal) => void this.#send(key, to, signal),
      onChange: (view) => current() && onChange(key, view),
    });
  }

  async #send(key: string, to: string, signal: Signal): Promise<void> {
    const current = () => this.#key === key;
    const reply = await deliver(() => this.#options.emit(to, signal), current);
    if (reply && !reply.ok && signal.kind !== "candidate" && current()) this.#options.onRefused?.(key, reply.error);
  }
}
