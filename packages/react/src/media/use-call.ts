import {
  type Call,
  type CallState,
  type CallStatistics,
  type CreateCallOptions,
  createCall,
  type SignalingConnection,
} from "@switchyard/client/call";
import { useEffect, useState, useSyncExternalStore } from "react";

export interface UsedCall extends CallState {
  /** null: there is none now. */
  readonly call: Call | null;
}

const never = () => () => {};
const closed: CallState = { status: "closed", remote: null, error: null };
const unknown: CallStatistics = { roundTripMs: null, lossIn: null, bitrateIn: null, bitrateOut: null, relayed: null };

/**
 * A call with one other side, over a connection of any dialect, while `enabled`. Another connection, recipient or room is another call;
 * the other options are those of its beginning.
 */
export function useCall(
  connection: SignalingConnection | null,
  { enabled = true, ...options }: CreateCallOptions & { enabled?: boolean | undefined },
): UsedCall {
  const [call, setCall] = useState<Call | null>(null);
  const { to, room, local } = options;
  useEffect(() => {
    if (!connection || !enabled) return;
    const opened = createCall(connection, options);
    setCall(opened);
    return () => {
      opened.close();
      setCall(null);
    };
  }, [connection, enabled, to, room, local]);
  const state = useSyncExternalStore(
    call?.state.subscribe ?? never,
    () => call?.state.get() ?? closed,
    () => closed,
  );
  return { ...state, call };
}

/** The quality of a call, measured every two seconds while the component is there. */
export function useCallStats(call: Pick<Call, "stats"> | null): CallStatistics {
  return useSyncExternalStore(
    call?.stats.subscribe ?? never,
    () => call?.stats.get() ?? unknown,
    () => unknown,
  );
}
