import type { RandomOptions } from "@switchyard/client/random";
import { useMemo } from "react";
import { type LiveState, noConnection } from "../session/live.ts";
import { command, type ServerOptions, useSession } from "../session/use-session.ts";
import { nobody, type RandomConnection, type RandomOwn, RandomSession } from "./random-session.ts";

export type RandomState = LiveState<RandomOwn, RandomConnection>;
export type RandomCommands = Pick<
  RandomSession,
  "join" | "next" | "leave" | "sendMessage" | "setTyping" | "block" | "report"
>;

const initial: RandomState = { ...noConnection, ...nobody };

/** Strangers: with a `type`, the first one is waited for at once. All commands reject with a `CommandError`. */
export function useRandom(options: RandomOptions & ServerOptions): RandomState & RandomCommands {
  const [state, hold] = useSession("random", options, (opening) => new RandomSession(opening), initial);
  const commands = useMemo<RandomCommands>(
    () => ({
      join: (type, preferences) => command(hold, (session) => session.join(type, preferences)),
      next: () => command(hold, (session) => session.next()),
      leave: () => command(hold, (session) => session.leave()),
      sendMessage: (text) => command(hold, (session) => session.sendMessage(text)),
      setTyping: (isTyping) => command(hold, (session) => session.setTyping(isTyping)),
      block: (reason) => command(hold, (session) => session.block(reason)),
      report: (report) => command(hold, (session) => session.report(report)),
    }),
    [hold],
  );
  return { ...state, ...commands };
}
