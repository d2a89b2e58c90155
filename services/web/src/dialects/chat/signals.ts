import type { Ack, Acknowledged, chat } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedCall } from "../../shared/call/single-call.ts";
import { sentMedia } from "../../shared/media/own-media.ts";
import type { ChatState } from "./state.ts";

export type ChatSocket = Socket<chat.ServerToClientEvents, Acknowledged<chat.ClientToServerEvents>>;

/** The caller's offer is what rings at the other side: so there is a call from then on. */
export function wantedCall({ call, own }: ChatState): WantedCall | null {
  if (call.name !== "calling" && call.name !== "active") return null;
  return { key: call.key, to: call.peer, initiator: call.initiator, media: sentMedia(own) };
}

export function emitSignal(socket: ChatSocket, to: string, signal: Signal): Promise<Ack> {
  switch (signal.kind) {
    case "offer":
      return socket.emitWithAck("call_user", { to, offer: signal.description });
    case "answer":
      return socket.emitWithAck("call_answer", { to, answer: signal.description });
    case "candidate":
      return socket.emitWithAck("ice_candidate", { to, candidate: signal.candidate });
  }
}
