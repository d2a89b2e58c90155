import type { CallState } from "@switchyard/client/call";
import type { InMatch, MatchState } from "./state.ts";

/** The one line that says where the person is. */
export function statusText(state: MatchState): string {
  if (state.link.state === "reconnecting") return "Reconnecting…";
  const { phase } = state;
  if (phase.name === "start") return state.link.state === "connecting" ? "Connecting…" : "Ready when you are";
  if (phase.name === "replaced") return "Open in another tab";
  return matchText(phase);
}

function matchText(match: InMatch): string {
  const { place, seat, other, call } = match;
  if (seat === "full") return "This match is full. Trying again every few seconds…";
  if (seat === "asking") return "Entering the match…";
  if (other === null) return `Match ${place.matchId}: waiting for the other one`;
  switch (call.name) {
    case "none":
      return `${other} is here`;
    case "asking":
      return "Waiting for your camera";
    case "calling":
      return `Calling ${other}…`;
    case "ringing":
      return `${other} is calling`;
    case "active":
      return callText(other, call.view.status);
  }
}

function callText(other: string, status: CallState["status"]): string {
  if (status === "connected") return `You are in a call with ${other}`;
  if (status === "restarting") return "The call was interrupted, trying again…";
  if (status === "failed") return "No video connection";
  return "Connecting the call…";
}
