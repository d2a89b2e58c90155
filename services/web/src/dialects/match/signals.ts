import type { Ack, Acknowledged, match } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { Signal } from "../../shared/call/signal.ts";
import type { WantedCall } from "../../shared/call/single-call.ts";
import { sentMedia } from "../../shared/media/own-media.ts";
import { currentMatch, type MatchState } from "./state.ts";

export type MatchSocket = Socket<match.ServerToClientEvents, Acknowledged<match.ClientToServerEvents>>;

/** There is a call from when it was accepted until it is over. */
export function wantedCall(state: MatchState): WantedCall | null {
  const match = currentMatch(state);
  if (match?.call.name !== "active" || match.other === null) return null;
  const { key, initiator } = match.call;
  return { key, to: match.other, initiator, media: sentMedia(state.own) };
}

export function emitSignal(socket: MatchSocket, to: string, signal: Signal): Promise<Ack> {
  switch (signal.kind) {
    case "offer":
      return socket.emitWithAck("offer", { to, offer: signal.description });
    case "answer":
      return socket.emitWithAck("answer", { to, answer: signal.description });
    case "candidate":
      return socket.emitWithAck("ice-candidate", { to, candidate: signal.candidate });
  }
}
