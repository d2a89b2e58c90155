import type { Socket } from "socket.io-client";
import type { LinkEvent } from "./link.ts";

const RETRY_MS = 2000;

/** Reports a socket's comings and goings, and connects again where socket.io-client leaves that to the page. */
export function followSocket(socket: Socket, report: (event: LinkEvent) => void): void {
  const retryLater = () => {
    if (socket.active) return;
    setTimeout(() => socket.connect(), RETRY_MS);
  };
  socket.on("connect", () => {
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
}
