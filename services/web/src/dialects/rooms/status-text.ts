import type { RoomsState } from "./state.ts";

/** The one line that says where the person is. */
export function statusText({ link, meeting }: RoomsState): string {
  if (link.state === "reconnecting") return "Reconnecting…";
  if (!meeting) return link.state === "connecting" ? "Connecting…" : "Ready when you are";
  if (meeting.stage === "asking") return "Waiting for your camera";
  if (meeting.stage === "entering") return "Entering the room…";
  const others = meeting.participants.length - 1;
  if (others < 1) return `You are alone in ${meeting.place.roomId}`;
  return `You and ${others === 1 ? "one other" : `${others} others`} in ${meeting.place.roomId}`;
}
