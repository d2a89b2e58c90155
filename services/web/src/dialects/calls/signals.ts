import type { Ack, Acknowledged, calls } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedMesh } from "../../shared/call/single-mesh.ts";
import { type Kind, kinds, sentMedia } from "../../shared/media/own-media.ts";
import { type CallsState, me } from "./state.ts";

export type CallsSocket = Socket<calls.ServerToClientEvents, Acknowledged<calls.ClientToServerEvents>>;

const soundOnly: readonly Kind[] = ["audio"];

/** There is a mesh as soon as the camera has answered, so that the first offer is received. */
export function wantedMesh(state: CallsState): WantedMesh | null {
  const { call, own } = state;
  const ownId = me(state)?.id;
  if (!call || call.stage === "asking" || !ownId) return null;
  return {
    key: `${call.id} ${call.time}`,
    ownId,
    media: sentMedia(own),
    kinds: call.isVideo ? kinds : soundOnly,
    growing: false,
  };
}

export function emitSignal(
  socket: CallsSocket,
  target: { callId: string; targetUserId: string },
  signal: Signal,
): Promise<Ack> {
  switch (signal.kind) {
    case "offer":
      return socket.emitWithAck("webrtc-offer", { ...target, offer: signal.description });
    case "answer":
      return socket.emitWithAck("webrtc-answer", { ...target, answer: signal.description });
    case "candidate":
      return socket.emitWithAck("webrtc-ice-candidate", { ...target, candidate: signal.candidate });
  }
}
