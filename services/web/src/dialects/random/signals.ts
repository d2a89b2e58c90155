import type { random } from "@switchyard/client-types";
import type { WantedCall } from "../../shared/call/call-keeper.ts";
import type { PageConnection } from "../../shared/connection/connection.ts";
import { currentRoom, type RandomState } from "./state.ts";

export type RandomConnection = PageConnection<random.ClientToServerEvents, random.ServerToClientEvents>;

/** There is a call for as long as the person is in a video room. */
export function wantedCall(state: RandomState): WantedCall | null {
  const room = currentRoom(state);
  if (room?.type !== "video") return null;
  return { key: room.id, room: room.id, initiator: room.initiator, polite: !room.initiator };
}

/** The camera is wanted from the choice of a video call until the person goes back from it. */
export function wantsMedia({ choice, phase }: RandomState): boolean {
  return choice?.type === "video" && phase.name !== "start" && phase.name !== "replaced";
}
