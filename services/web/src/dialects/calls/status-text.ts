import { type CallsState, type GroupCall, others } from "./state.ts";

/** The one line that says where the person is. */
export function statusText(state: CallsState): string {
  if (state.link.state === "reconnecting") return "Reconnecting…";
  const { phase, call, link } = state;
  switch (phase.name) {
    case "start":
      return link.state === "connecting" ? "Connecting…" : "Ready when you are";
    case "coming":
      return "Coming online…";
    case "replaced":
      return "Open in another tab";
    case "online":
      return call ? callText(call) : onlineText(others(state).length);
  }
}

function onlineText(count: number): string {
  if (count === 0) return "You are online, and nobody else is";
  return `You are online, and so ${count === 1 ? "is one other" : `are ${count} others`}`;
}

function callText({ stage, participants }: GroupCall): string {
  if (stage === "asking") return "Waiting for your camera and microphone";
  if (stage === "entering") return "Entering the call…";
  if (participants.length < 2) return "In the call, waiting for the others";
  return `In a call of ${participants.length}`;
}
