import { io, type Socket } from "socket.io-client";

/** A socket in a dialect's namespace, with a connection of its own, not connected yet. */
export function openSocket(dialect: string): Socket {
  return io(`/${dialect}`, { autoConnect: false, forceNew: true });
}
