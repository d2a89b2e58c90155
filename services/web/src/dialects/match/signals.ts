import type { match } from "@switchyard/client-types";
import type { WantedCall } from "../../shared/call/call-keeper.ts";
import type { PageConnection } from "../../shared/connection/connection.ts";
import { currentCall, currentMatch, type MatchState } from "./state.ts";

export type MatchConnection = PageConnection<match.ClientToServerEvents, match.ServerToClientEvents>;

/** There is a call from when it was accepted until it is over. */
export function wantedCall(state: MatchState): WantedCall | null {
  const match = currentMatch(state);
  if (match?.call.name !== "active" || match.other === null) return null;
  const { key, initiator } = match.call;
  return { key, to: match.other, initiator, polite: !initiator };
}

/** The camera is wanted from before a call until it is over. */
export function wantsMedia(state: MatchState): boolean {
  const { name } = currentCall(state);
  return name === "asking" || name === "calling" || name === "active";
}
