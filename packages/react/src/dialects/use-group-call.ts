import type { CallsOptions } from "@switchyard/client/calls";
import { useMemo } from "react";
import { type LiveState, noConnection } from "../session/live.ts";
import { command, type ServerOptions, useSession } from "../session/use-session.ts";
import { type GroupCallConnection, type GroupCallOwn, GroupCallSession, noGroupCall } from "./group-call-session.ts";

export type GroupCallState = LiveState<GroupCallOwn, GroupCallConnection>;
export type GroupCallCommands = Pick<GroupCallSession, "start" | "join" | "decline" | "leave" | "report">;

const initial: GroupCallState = { ...noConnection, ...noGroupCall };

/** Users online, invitations, and the call that this user is in; `useMesh` has its media. */
export function useGroupCall(options: CallsOptions & ServerOptions): GroupCallState & GroupCallCommands {
  const [state, hold] = useSession("group call", options, (opening) => new GroupCallSession(opening), initial);
  const commands = useMemo<GroupCallCommands>(
    () => ({
      start: (userIds, more) => command(hold, (session) => session.start(userIds, more)),
      join: (callId) => command(hold, (session) => session.join(callId)),
      decline: (callId) => hold.session?.decline(callId),
      leave: () => command(hold, (session) => session.leave()),
      report: (callId, report) => command(hold, (session) => session.report(callId, report)),
    }),
    [hold],
  );
  return { ...state, ...commands };
}
