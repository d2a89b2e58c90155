import type { Acknowledged, rooms } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import type { WantedMesh } from "../../shared/call/mesh-keeper.ts";
import type { RoomsState } from "./state.ts";

export type RoomsSocket = Socket<rooms.ServerToClientEvents, Acknowledged<rooms.ClientToServerEvents>>;

/** A screen may be shared also by someone without a camera: so there is room for a picture from the beginning. */
export function wantedMesh({ meeting }: RoomsState): WantedMesh | null {
  if (meeting?.stage !== "in" || meeting.participantId === null) return null;
  const { participantId: ownId, place } = meeting;
  return { key: `${place.roomId} ${ownId}`, ownId, reserve: true };
}

/** The camera is wanted from before a meeting until it is left. */
export function wantsMedia({ meeting }: RoomsState): boolean {
  return meeting !== null;
}
