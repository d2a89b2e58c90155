import type { Ack, Acknowledged, random } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedCall } from "../../shared/call/single-call.ts";
import { mediaOf } from "../../shared/media/own-media.ts";
import { currentRoom, type RandomState } from "./state.ts";

type ClientEvents = random.ClientToServerEvents;
/** Everything is acknowledged, but that somebody types. */
export type RandomSocket = Socket<
  random.ServerToClientEvents,
  Acknowledged<Omit<ClientEvents, "typing">> & Pick<ClientEvents, "typing">
>;

/** There is a call for as long as the person is in a video room. */
export function wantedCall(state: RandomState): WantedCall | null {
  const room = currentRoom(state);
  if (room?.type !== "video") return null;
  return { key: room.id, to: room.id, initiator: room.initiator, media: mediaOf(state.own.camera.stream) };
}

export function emitSignal(socket: RandomSocket, roomId: string, signal: Signal): Promise<Ack> {
  switch (signal.kind) {
    case "offer":
      return socket.emitWithAck("offer", { roomId, offer: signal.description });
    case "answer":
      return socket.emitWithAck("answer", { roomId, answer: signal.description });
    case "candidate":
      return socket.emitWithAck("ice_candidate", { roomId, candidate: signal.candidate });
  }
}
