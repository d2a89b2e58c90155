import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { hasBody } from "./refuse.ts";

/**
 * The connections whose request has not arrived, or not whole: new ones, idle ones, and those that stopped halfway. An
 * address may have so many of them; for one more the connection that has waited longest is closed, as nginx does where
 * connections run out. So somebody who opens thousands and sends nothing keeps nobody else out, and a client that sends
 * its request at once is served even behind the same address.
 */
export class WaitingConnections {
  readonly #most: number;
  /** In the order in which they began to wait. */
  readonly #byAddress = new Map<string, Set<Socket>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** A new connection. */
  opened(socket: Socket): void {
    this.#add(socket);
    socket.once("close", () => this.#remove(socket));
  }

  /** The head of a request has come, and an answer will be sent; then the connection may be used again. */
  requested(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (hasBody(request)) request.once("end", () => this.#remove(socket));
    else this.#remove(socket);
    response.once("close", () => {
      if (!socket.destroyed) this.#add(socket);
    });
  }

  /** It is a WebSocket now. */
  upgraded(socket: Socket): void {
    this.#remove(socket);
  }

  #add(socket: Socket): void {
    const address = addressOf(socket);
    const waiting = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, waiting);
    waiting.delete(socket);
    waiting.add(socket);
    if (waiting.size <= this.#most) return;
    const [oldest] = waiting;
    oldest?.destroy();
  }

  #remove(socket: Socket): void {
    const address = addressOf(socket);
    const waiting = this.#byAddress.get(address);
    waiting?.delete(socket);
    if (waiting?.size === 0) this.#byAddress.delete(address);
  }
}

const addresses = new WeakMap<Socket, string>();

/** Kept, since a socket that is closed has none. */
function addressOf(socket: Socket): string {
  const address = addresses.get(socket) ?? socket.remoteAddress ?? "";
  addresses.set(socket, address);
  return address;
}
