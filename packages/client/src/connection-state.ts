import type { Socket } from "socket.io-client";
import type { CommandError } from "./command-error.ts";

/** Where a connection stands. */
export interface ConnectionState {
  /**
   * - `connecting`: not connected yet.
   * - `connected`: in a session; `missed` says whether another one was lost before.
   * - `draining`: connected, to a node that is about to stop. Nothing has to be done.
   * - `recovering`: the connection broke, and comes back by itself.
   * - `recovered`: back in the same session, with all that was missed.
   * - `lost`: not connected, and not trying: it was closed, or `error` says why.
   */
  readonly status: "connecting" | "connected" | "draining" | "recovering" | "recovered" | "lost";
  /** Whether the last reconnect began a new session: what was sent in between is lost. The opening event was sent again. */
  readonly missed: boolean;
  /** The session's id at the server; the last one, while there is no connection. */
  readonly sessionId: string | null;
  /** Engine.IO's transport: `websocket` or `polling`; null while there is no connection. */
  readonly transport: string | null;
  /** Why the opening event, the connection or the session was refused last; null: it was not. */
  readonly error: CommandError | null;
}

export const notConnected: ConnectionState = {
  status: "connecting",
  missed: false,
  sessionId: null,
  transport: null,
  error: null,
};

/** The state of a connection that is there now. */
export function connectedState(former: ConnectionState, { id = "", recovered, io }: Socket): ConnectionState {
  const isBack = former.sessionId !== null;
  return {
    status: isBack && recovered ? "recovered" : "connected",
    missed: isBack && !recovered,
    sessionId: id,
    transport: io.engine.transport.name,
    error: recovered && former.error?.code === "replaced" ? former.error : null,
  };
}
