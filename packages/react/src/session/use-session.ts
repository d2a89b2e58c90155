import { CommandError, type Token } from "@switchyard/client";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { Hold, type Session } from "./hold.ts";

/** The options of all hooks that connect. */
export interface ServerOptions {
  /** Of the cluster. Default: `NEXT_PUBLIC_SIGNALING_SERVER_URL`, else the server of the page. */
  url?: string | undefined;
  /** Where the server requires tokens; of functions the one of the last render is asked. */
  token?: Token | undefined;
  /** Whether to connect. Default: true. */
  enabled?: boolean | undefined;
  /** Components with the same options share a connection; with different keys they don't. */
  key?: string | undefined;
}

/** The options with which a session is opened. */
export type Opening<Options> = Omit<Options, "enabled" | "url"> & { readonly url: string };

/** The cluster that the environment of the build names. */
export function serverUrl(): string {
  try {
    return process.env.NEXT_PUBLIC_SIGNALING_SERVER_URL ?? ""; // as it stands here it is replaced by Next.js
  } catch {
    return ""; // there is no `process` in browsers
  }
}

/**
 * Keeps a session open while the component is mounted.
 * @param name of the hook: sessions of different hooks are not the same
 */
export function useSession<Options extends ServerOptions, State, Kept extends Session<State>>(
  name: string,
  { enabled = true, ...options }: Options,
  open: (options: Opening<Options>) => Kept,
  initial: State,
): readonly [State, Hold<State, Kept>] {
  const { token, url = serverUrl() } = options;
  const tokens = useRef(token);
  useEffect(() => {
    tokens.current = token;
  });
  const same = { ...options, url, token: typeof token === "function" ? null : token };
  const key = enabled ? JSON.stringify([name, Object.entries(same).toSorted()]) : null;
  // The key stands for the options.
  const hold = useMemo(() => {
    const newest = () => (typeof tokens.current === "function" ? tokens.current() : (tokens.current ?? ""));
    const opening = { ...options, url, token: typeof token === "function" ? newest : token };
    return new Hold<State, Kept>(key, () => open(opening as Opening<Options>), initial);
  }, [key]);
  return [useSyncExternalStore(hold.subscribe, hold.get, hold.getOnServer), hold];
}

/** Runs a command of the session that is open. @throws CommandError `closed` if none is */
export async function command<State, Kept extends Session<State>, Answer>(
  { session }: Hold<State, Kept>,
  run: (session: Kept) => Promise<Answer>,
): Promise<Answer> {
  if (!session) throw new CommandError({ code: "closed", message: "There is no connection." });
  return run(session);
}
