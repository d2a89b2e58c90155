import type { RandomState, Room } from "./state.ts";

/** The one line that says where the person is. */
export function statusText(state: RandomState): string {
  if (state.link.state === "reconnecting") return "Reconnecting…";
  const { phase } = state;
  switch (phase.name) {
    case "start":
      return state.link.state === "connecting" ? "Connecting…" : "Ready when you are";
    case "camera":
      return "Waiting for your camera";
    case "waiting":
      return "Looking for someone…";
    case "room":
      return state.nextArmed ? "Press Escape again for the next person" : roomText(phase.room, state);
    case "ended":
      return phase.why === "blocked" ? "Blocked: you will not meet again" : "Your partner has left";
    case "replaced":
      return "Open in another tab";
  }
}

function roomText(room: Room, { call }: RandomState): string {
  if (room.type === "chat") return "Talking to a stranger";
  if (call.status === "connected") return "In a call with a stranger";
  if (call.status === "restarting") return "The call was interrupted, trying again…";
  if (call.status === "failed") return "No video connection. You can still write";
  return "Partner found, connecting…";
}

/** Position and estimated time of the wait, or null if they are unknown. */
export function waitText(position: number | null, estimatedWaitMs: number | null): string | null {
  const place =
    position === null ? null : position <= 1 ? "You are next in line" : `You are number ${position} in line`;
  const wait = estimatedWaitMs === null ? null : `about ${durationText(estimatedWaitMs)}`;
  if (place && wait) return `${place}, ${wait}`;
  return place ?? (wait && `A wait of ${wait}`);
}

function durationText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
