import type { RoomsOptions } from "@switchyard/client/rooms";
import { useMemo } from "react";
import { type LiveState, noConnection } from "../session/live.ts";
import { command, type ServerOptions, useSession } from "../session/use-session.ts";
import { type MeetingConnection, type MeetingOwn, MeetingSession, noMeeting } from "./meeting-session.ts";

export type MeetingState = LiveState<MeetingOwn, MeetingConnection>;
export type MeetingCommands = Pick<MeetingSession, "sendMessage" | "show" | "leave" | "join" | "report">;

const initial: MeetingState = { ...noConnection, ...noMeeting };

/** A meeting's participants and messages; `useMesh` has its media. All commands reject with a `CommandError`. */
export function useMeeting(options: RoomsOptions & ServerOptions): MeetingState & MeetingCommands {
  const [state, hold] = useSession("meeting", options, (opening) => new MeetingSession(opening), initial);
  const commands = useMemo<MeetingCommands>(
    () => ({
      sendMessage: (text) => command(hold, (session) => session.sendMessage(text)),
      show: (flags) => command(hold, (session) => session.show(flags)),
      leave: () => command(hold, (session) => session.leave()),
      join: () => command(hold, (session) => session.join()),
      report: (report) => command(hold, (session) => session.report(report)),
    }),
    [hold],
  );
  return { ...state, ...commands };
}
