import type { Ack } from "@switchyard/client-types";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedMesh } from "../../shared/call/single-mesh.ts";
import { kinds } from "../../shared/media/media.ts";
import { sentMedia } from "../../shared/media/own-media.ts";
import type { RoomsSocket } from "./socket.ts";
import type { RoomsState } from "./state.ts";

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
