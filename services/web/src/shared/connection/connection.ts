import { io, type Socket } from "socket.io-client";
import type { LinkEvent } from "./link.ts";

const RETRY_MS = 2000;

/** A page's connection to the cluster. */
export interface Connection {
  open(): void;
  /** For good, until it is opened again. */
  close(): void;
  /** Drops the connection as a bad network would; socket.io-client connects again by itself. */
  cut(): void;
}

/** Reports a socket's comings and goings, and connects again where socket.io-client leaves that to the page. */
export function connectionOf(socket: Socket, report: (event: LinkEvent) => void): Connection {
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  /** Closed while it was not connected: by then the server may hold a session, which only a disconnect ends at once. */
  let owesGoodbye = false;
  const sayGoodbye = () => {
    owesGoodbye = false;
    socket.disconnect();
    if (wanted) socket.connect();
  };
  const retryLater = () => {
    if (owesGoodbye && !wanted) return sayGoodbye(); // to nobody: one attempt is enough
    if (socket.active) return;
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), RETRY_MS);
  };
  socket.on("connect", () => {
    if (owesGoodbye) return sayGoodbye();
    const { engine } = socket.io;
    engine.on("upgrade", (transport) => report({ type: "transport", name: transport.name }));
    const { name } = engine.transport;
    report({ type: "connected", socketId: socket.id ?? "", recovered: socket.recovered === true, transport: name });
  });
  socket.on("disconnect", (reason) => {
    report({ type: "dropped" });
    if (reason !== "io client disconnect") retryLater();
  });
  socket.on("connect_error", retryLater);
  return {
    open() {
      wanted = true;
      socket.connect();
    },
    close() {
      clearTimeout(retry);
      wanted = false;
      if (socket.connected || !socket.active) socket.disconnect();
      else owesGoodbye = true;
    },
    cut: () => void (socket.connected && socket.io.engine.close()),
  };
}

/**
 * A socket in a dialect's namespace, with a connection of its own, not connected yet.
 * @param auth shown to the server at each connect
 */
export function openSocket(dialect: string, auth: Record<string, unknown> = {}): Socket {
  return io(`/${dialect}`, { autoConnect: false, forceNew: true, auth });
}
