import type { Ack, Acknowledged, rooms } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedMesh } from "../../shared/call/single-mesh.ts";
import { kinds, sentMedia } from "../../shared/media/own-media.ts";
import type { RoomsState } from "./state.ts";

export type RoomsSocket = Socket<rooms.ServerToClientEvents, Acknowledged<rooms.ClientToServerEvents>>;

/** A screen may be shared also by someone without a camera: so there is room for a picture from the beginning. */
export function wantedMesh({ meeting, own }: RoomsState): WantedMesh | null {
  if (meeting?.stage !== "in" || meeting.participantId === null) return null;
  const { participantId: ownId, place } = meeting;
  return { key: `${place.roomId} ${ownId}`, ownId, media: sentMedia(own), kinds, growing: true };
}

export function emitSignal(socket: RoomsSocket, targetId: string, signal: Signal): Promise<Ack> {
  switch (signal.kind) {
    case "offer":
      return socket.emitWithAck("webrtc-offer", { targetId, offer: signal.description });
    case "answer":
      return socket.emitWithAck("webrtc-answer", { targetId, answer: signal.description });
    case "candidate":
      return socket.emitWithAck("webrtc-ice-candidate", { targetId, candidate: signal.candidate });
  }
}
