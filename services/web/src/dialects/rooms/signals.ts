import type { rooms } from "@switchyard/client-types";
import type { WantedMesh } from "../../shared/call/mesh-keeper.ts";
import type { PageConnection } from "../../shared/connection/connection.ts";
import type { RoomsState } from "./state.ts";

export type RoomsConnection = PageConnection<rooms.ClientToServerEvents, rooms.ServerToClientEvents>;

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
