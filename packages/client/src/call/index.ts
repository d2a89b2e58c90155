import { Call } from "./call.ts";
import type { CallOptions } from "./call-options.ts";
import { fetchIceServers } from "./ice-servers.ts";
import { Mesh, type MeshOptions } from "./mesh.ts";
import {
  type Address,
  hearSignals,
  onMissed,
  type SignalChannel,
  type SignalingConnection,
  sendSignal,
  signalsWith,
} from "./signals.ts";

export { Call } from "./call.ts";
export type { CallOptions, CallState, MediaOptions } from "./call-options.ts";
export { canShareScreen } from "./devices.ts";
export { fetchIceServers } from "./ice-servers.ts";
export {
  type Kind,
  LocalMedia,
  type LocalMediaState,
  type MediaProblem,
  noLocalMedia,
  type Tracks,
} from "./local-media.ts";
export { type GroupChannel, Mesh, type MeshCall, type MeshOptions, type MeshState } from "./mesh.ts";
export { type Address, type Signal, type SignalChannel, type SignalingConnection, signalsWith } from "./signals.ts";
export type { CallStatistics } from "./statistics.ts";

/** The options of `createCall`, besides those of all calls. */
export interface CreateCallOptions extends Omit<CallOptions, "signals">, Address {
  /** Of `signalsWith`, where signals were kept until the call was taken. */
  signals?: SignalChannel | undefined;
  /** The offer that was heard already: in `chat` it is what rings. */
  offer?: RTCSessionDescriptionInit | undefined;
}

/** A call with one other side, over a connection of any dialect; from when both want it: nothing rings here. */
export function createCall(connection: SignalingConnection, options: CreateCallOptions): Call {
  const { to, room, offer, signals = signalsWith(connection, { to, room }, offer), ...others } = options;
  return new Call({ iceServers: () => fetchIceServers(connection), ...others, signals });
}

/** The options of `createMesh`, besides those of all calls. */
export interface CreateMeshOptions extends Omit<MeshOptions, "signals"> {
  /** The call, where signals name it: in `calls`. */
  room?: string | undefined;
}

/** A call with each participant of a group, over a connection of any dialect with groups. */
export function createMesh(connection: SignalingConnection, { room, ...others }: CreateMeshOptions): Mesh {
  return new Mesh({
    iceServers: () => fetchIceServers(connection),
    ...others,
    signals: {
      send: (to, signal) => sendSignal(connection, { to, room }, signal),
      onSignal: (listener) =>
        hearSignals(connection, { room }, (from, signal) => {
          if (from !== undefined) listener(from, signal);
        }),
      onMissed: (listener) => onMissed(connection, listener),
    },
  });
}
