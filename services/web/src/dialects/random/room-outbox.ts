import { Outbox } from "../../shared/chat/outbox.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomSocket } from "./signals.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

/** Sends the person's messages to their room. */
export function createRoomOutbox(socket: RandomSocket, store: Store<RandomState, RandomEvent>): Outbox {
  const room = () => currentRoom(store.get());
  return new Outbox({
    lines: () => room()?.lines ?? null,
    dispatch: store.dispatch,
    emit: (message) => socket.emitWithAck("send_message", { roomId: room()?.id ?? "", message }),
  });
}
