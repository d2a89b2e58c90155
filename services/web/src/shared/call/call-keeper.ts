import type { SignalingConnection } from "@switchyard/client/call";
import {
  type Call,
  type CallState,
  type CreateCallOptions,
  createCall,
  type LocalMedia,
} from "@switchyard/client/call";

/** Of a call that has just begun. */
export const noCall: CallState = { status: "connecting", remote: null, error: null };

/** The call that there should be now. */
export interface WantedCall extends Omit<CreateCallOptions, "local"> {
  /** Another key is another call. */
  key: string;
}

export type OpenCall = (
  connection: SignalingConnection,
  options: CreateCallOptions,
) => Pick<Call, "state" | "close" | "isStrange">;

interface CallKeeperParts {
  connection(): SignalingConnection;
  local: LocalMedia;
  onChange(key: string, view: CallState): void;
  openCall?: OpenCall | undefined;
}

/** Keeps exactly the one call open that is wanted. */
export class CallKeeper {
  readonly #parts: CallKeeperParts;
  #key: string | null = null;
  #call: ReturnType<OpenCall> | null = null;

  constructor(parts: CallKeeperParts) {
    this.#parts = parts;
  }

  /** To be called after every change. */
  follow(wanted: WantedCall | null): void {
    if ((wanted?.key ?? null) === this.#key) return;
    this.#call?.close();
    this.#call = null;
    this.#key = wanted?.key ?? null;
    if (wanted) this.#open(wanted);
  }

  /** Whether a description is from another connection than the one that the call is with. */
  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#call?.isStrange(description) ?? false;
  }

  #open({ key, ...options }: WantedCall): void {
    const { connection, local, onChange, openCall = createCall } = this.#parts;
    const call = openCall(connection(), { ...options, local });
    this.#call = call;
    call.state.subscribe(() => call === this.#call && onChange(key, call.state.get()));
  }
}
