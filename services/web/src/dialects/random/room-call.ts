import { PeerCall, type Signal } from "../../shared/call/peer-call.ts";
import { deliver } from "../../shared/connection/deliver.ts";
import type { Reply } from "./events.ts";
import type { RandomSocket } from "./session.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

/** Keeps exactly one call open while the person is in a video room, and carries its signals. */
export class RoomCall {
  readonly #socket: RandomSocket;
  readonly #iceServers: () => Promise<RTCIceServer[]>;
  readonly #dispatch: (event: RandomEvent) => void;
  #roomId: string | null = null;
  #call: PeerCall | null = null;

  constructor(socket: RandomSocket, iceServers: () => Promise<RTCIceServer[]>, dispatch: (event: RandomEvent) => void) {
    this.#socket = socket;
    this.#iceServers = iceServers;
    this.#dispatch = dispatch;
  }

  /** To be called after every change of the state. */
  follow(state: RandomState): void {
    const room = currentRoom(state);
    const roomId = room?.type === "video" ? room.id : null;
    if (roomId === this.#roomId) return;
    this.#call?.close();
    this.#call = null;
    this.#roomId = roomId;
    if (!room || !roomId) return;
    this.#call = new PeerCall({
      initiator: room.initiator,
      local: state.camera.stream,
      iceServers: this.#iceServers(),
      send: (signal) =>
        void deliver(
          () => this.#emit(roomId, signal),
          () => this.#roomId === roomId,
        ),
      onChange: (call) => this.#dispatch({ type: "call-changed", roomId, call }),
    });
  }

  receive(signal: Signal): void {
    this.#call?.receive(signal);
  }

  #emit(roomId: string, signal: Signal): Promise<Reply> {
    switch (signal.kind) {
      case "offer":
        return this.#socket.emitWithAck("offer", { roomId, offer: signal.description });
      case "answer":
        return this.#socket.emitWithAck("answer", { roomId, answer: signal.description });
      case "candidate":
        return this.#socket.emitWithAck("ice_candidate", { roomId, candidate: signal.candidate });
    }
  }
}
