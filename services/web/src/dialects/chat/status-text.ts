import type { Call, ChatState } from "./state.ts";

/** The one line that says where the person is. */
export function statusText({ link, phase, call }: ChatState): string {
  if (phase.name === "login") return phase.busy ? "Checking…" : "Ready when you are";
  if (link.state === "reconnecting") return "Reconnecting…";
  if (link.state === "connecting") return "Connecting…";
  return callText(call) ?? `You are in the chatroom as ${phase.account.username}`;
}

function callText(call: Call): string | null {
  switch (call.name) {
    case "none":
      return null;
    case "asking":
      return "Waiting for your camera";
    case "ringing":
      return `${call.peer} is calling`;
    case "calling":
      return `Calling ${call.peer}…`;
    case "active":
      if (call.view.status === "connected") return `You are in a call with ${call.peer}`;
      if (call.view.status === "restarting") return "The call was interrupted, trying again…";
      return call.view.status === "failed" ? "No video connection" : "Connecting the call…";
  }
}
