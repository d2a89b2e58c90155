import type { Token } from "@switchyard/client";
import { useEffect, useRef, useState } from "react";
import { serverUrl } from "../session/use-session.ts";

export interface IceServersOptions {
  /** Of the cluster. Default: `NEXT_PUBLIC_SIGNALING_SERVER_URL`, else the server of the page. */
  url?: string | undefined;
  /** Where the cluster requires tokens: without one it names its STUN servers only. */
  token?: Token | undefined;
}

export interface IceServers {
  iceServers: RTCIceServer[];
  loading: boolean;
  /** A sentence; calls inside one network work all the same. */
  error: string | null;
}

const none: IceServers = { iceServers: [], loading: true, error: null };

/** The cluster's STUN and TURN servers, for pages that have WebRTC code of their own. */
export function useIceServers({ url = serverUrl(), token }: IceServersOptions = {}): IceServers {
  const [state, setState] = useState(none);
  const newest = useRef(token);
  useEffect(() => {
    newest.current = token;
  });
  useEffect(() => {
    const aborted = new AbortController();
    setState(none);
    readIceServers(url, newest.current, aborted.signal).then(
      (iceServers) => aborted.signal.aborted || setState({ iceServers, loading: false, error: null }),
      (error: unknown) => aborted.signal.aborted || setState({ iceServers: [], loading: false, error: String(error) }),
    );
    return () => aborted.abort();
  }, [url]);
  return state;
}

async function readIceServers(url: string, token: Token | undefined, signal: AbortSignal): Promise<RTCIceServer[]> {
  const shown = typeof token === "function" ? await token() : token;
  const headers = shown === undefined ? {} : { authorization: `Bearer ${shown}` };
  const response = await fetch(`${url.replace(/\/+$/, "")}/api/ice-servers`, { headers, signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const { iceServers = [] }: { iceServers?: RTCIceServer[] } = await response.json();
  return iceServers;
}
