import type { Kind } from "@switchyard/client/call";
import type { calls } from "@switchyard/client-types";
import type { WantedMesh } from "../../shared/call/mesh-keeper.ts";
import type { PageConnection } from "../../shared/connection/connection.ts";
import { type CallsState, me } from "./state.ts";

export type CallsConnection = PageConnection<calls.ClientToServerEvents, calls.ServerToClientEvents>;

const soundOnly: readonly Kind[] = ["audio"];

/** There is a mesh as soon as the camera has answered, so that the first offer is received. */
export function wantedMesh(state: CallsState): WantedMesh | null {
  const { call } = state;
  const ownId = me(state)?.id;
  if (!call || call.stage === "asking" || !ownId) return null;
  return { key: `${call.id} ${call.time}`, ownId, room: call.id, kinds: call.isVideo ? undefined : soundOnly };
}

/** The camera is wanted from before a call until it is over. */
export function wantsMedia({ call }: CallsState): boolean {
  return call !== null;
}
