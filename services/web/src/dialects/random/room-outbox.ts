import { Outbox } from "../../shared/chat/outbox.ts";
import type { Store } from "../../shared/store.ts";
import type { RandomConnection } from "./signals.ts";
import { currentRoom, type RandomEvent, type RandomState } from "./state.ts";

/** Sends the person's messages to their room. */
export function createRoomOutbox(connection: RandomConnection, store: Store<RandomState, RandomEvent>): Outbox {
  const room = () => currentRoom(store.get());
  return new Outbox({
    lines: () => room()?.lines ?? null,
    dispatch: store.dispatch,
    emit: (message) => connection.ask("send_message", { roomId: room()?.id ?? "", message }),
  });
}
