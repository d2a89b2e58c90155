import type { CommandError } from "../command-error.ts";
import type { Kind, LocalMedia } from "./local-media.ts";
import type { SignalChannel } from "./signals.ts";

/** The options of every call, of two or of a group. */
export interface MediaOptions {
  /** The own camera, microphone and screen; may be opened before or after. Default: one of the call's own, which ends with it. */
  local?: LocalMedia | undefined;
  /** Default: audio and video. */
  kinds?: readonly Kind[] | undefined;
  /** Whether there is a place for a kind that is not sent yet, so that it begins without a new offer; the other side sees black. */
  reserve?: boolean | undefined;
  /** STUN and TURN servers; asked for anew for each connection and restart, since their credentials expire. */
  iceServers?: (() => Promise<RTCIceServer[]>) | undefined;
  /** Whether media goes by TURN alone, so that the other side does not learn the address. */
  relayOnly?: boolean | undefined;
}

export interface CallOptions extends MediaOptions {
  /** The way to the other side; ends with the call. */
  signals: SignalChannel;
  /** Whether this side gives way if both offer at once; true for exactly one of the two: whose id is the smaller one, say. */
  polite: boolean;
  /** Whether this side makes the first offer; both may. By default the one that is not polite. */
  initiator?: boolean | undefined;
  /** Whether the call begins anew when the other side does, after a reload say. Default: true. */
  renewable?: boolean | undefined;
}

export interface CallState {
  /** `restarting`: the way of the media broke, another one is looked for; `failed`: that takes long, and goes on. */
  readonly status: "connecting" | "connected" | "restarting" | "failed" | "closed";
  /** The tracks that the other side sends: another stream when a kind comes or goes; null: none. */
  readonly remote: MediaStream | null;
  /** Why an offer or answer was refused last; offers are made again. */
  readonly error: CommandError | null;
}
