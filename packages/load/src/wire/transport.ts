import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { ENGINE } from "./packets.ts";

/** The receiver of a transport's reports. */
export interface TransportUser {
  /** @param node the id of the node that holds the connection, if it gives one */
  opened(handshake: Handshake, node: string | undefined): void;
  /** A ping, or any packet of Socket.IO. */
  pinged(): void;
  message(text: string): void;
  closed(cause: "transport close" | "transport error", detail: string): void;
}

/** The server's first packet. Times in ms. */
export interface Handshake {
  readonly sid: string;
  readonly pingInterval: number;
  readonly pingTimeout: number;
}

/** An Engine.IO connection over a WebSocket. Its listeners are shared by all connections: none has closures of its own. */
export class Transport extends WebSocket {
  #user: TransportUser | undefined;
  #fault: string | undefined;
  #node: string | undefined;

  /**
   * @param url of the server, http or https
   * @param localAddress from which it connects; `undefined`: the system's choice
   */
  constructor(url: string, user: TransportUser, localAddress?: string) {
    super(`${url.replace(/^http/, "ws").replace(/\/$/, "")}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      localAddress,
    });
    this.#user = user;
    this.on("upgrade", onUpgrade);
    this.on("message", onMessage);
    this.on("error", onError);
    this.on("close", onClose);
  }

  write(packet: string): void {
    if (this.readyState === WebSocket.OPEN) this.send(packet);
  }

  /** From now on nothing is reported. */
  release(): void {
    this.#user = undefined;
  }

  receive(packet: string): void {
    const user = this.#user;
    if (!user) return;
    if (packet[0] === ENGINE.message) user.message(packet);
    else if (packet === ENGINE.ping) {
      this.write(ENGINE.pong);
      user.pinged();
    } else if (packet[0] === ENGINE.open) user.opened(JSON.parse(packet.slice(1)) as Handshake, this.#node);
    else if (packet === ENGINE.close) this.close();
  }

  answered({ headers }: IncomingMessage): void {
    this.#node = nodeIn(headers);
  }

  fail(fault: string): void {
    this.#fault = fault;
  }

  end(code: number): void {
    const user = this.#user;
    this.#user = undefined;
    user?.closed(this.#fault === undefined ? "transport close" : "transport error", this.#fault ?? `closed (${code})`);
  }
}

/** The node's id in the answer to a handshake. */
function nodeIn({ "x-node-id": node }: IncomingHttpHeaders): string | undefined {
  return typeof node === "string" ? node : undefined;
}

function onUpgrade(this: WebSocket, answer: IncomingMessage): void {
  if (this instanceof Transport) this.answered(answer);
}

function onMessage(this: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  if (!isBinary && this instanceof Transport) this.receive(String(data));
}

function onError(this: WebSocket, error: Error): void {
  if (this instanceof Transport) this.fail(error.message);
}

function onClose(this: WebSocket, code: number): void {
  if (this instanceof Transport) this.end(code);
}
