import type { MatchOptions } from "@switchyard/client/match";
import { useMemo } from "react";
import { type LiveState, noConnection } from "../session/live.ts";
import { command, type ServerOptions, useSession } from "../session/use-session.ts";
import { type MatchConnection, type MatchOwn, MatchSession, noMatch } from "./match-session.ts";

export type MatchState = LiveState<MatchOwn, MatchConnection>;

/** All commands reject with a `CommandError`. */
export interface MatchCommands {
  /** The other one's phone rings. */
  initiateCall(to: string): Promise<void>;
  /** Takes the call that rings. */
  acceptCall(): Promise<void>;
  rejectCall(reason?: string): Promise<void>;
  endCall(): Promise<void>;
}

const initial: MatchState = { ...noConnection, ...noMatch };

/** A known match: who is there, and whether a call rings. */
export function useMatch(options: MatchOptions & ServerOptions): MatchState & MatchCommands {
  const [state, hold] = useSession("match", options, (opening) => new MatchSession(opening), initial);
  const commands = useMemo<MatchCommands>(
    () => ({
      initiateCall: (to) => command(hold, (session) => session.initiateCall(to)),
      acceptCall: () => command(hold, (session) => session.acceptCall()),
      rejectCall: (reason) => command(hold, (session) => session.rejectCall(reason)),
      endCall: () => command(hold, (session) => session.endCall()),
    }),
    [hold],
  );
  return { ...state, ...commands };
}
