import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { ENGINE } from "./packets.ts";

/** How a client is connected: by a WebSocket from the beginning, by HTTP, or by HTTP at first as stock clients are. */
export const transportKinds = ["websocket", "polling", "upgrade"] as const;
export type TransportKind = (typeof transportKinds)[number];

/** A connection of Engine.IO, whose user receives what it reports. */
export interface Connection {
  /** By what it is carried at the moment. */
  readonly carrier: "websocket" | "polling";
  write(packet: string): void;
  /** From now on nothing is reported. */
  release(): void;
  close(): void;
  /** Breaks it without closing it. */
  terminate(): void;
}

/** The receiver of a transport's reports. */
export interface TransportUser {
  /** @param node the id of the node that holds the connection, if it gives one */
  opened(handshake: Handshake, node: string | undefined): void;
  /** A ping, or any packet of Socket.IO. */
  pinged(): void;
  message(text: string): void;
  /** The server takes this connection in another one's place. */
  probed?(): void;
  closed(cause: "transport close" | "transport error", detail: string): void;
}

/** The server's first packet. Times in ms. */
export interface Handshake {
  readonly sid: string;
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly upgrades?: readonly string[];
  /** In bytes, of what is sent by one POST. */
  readonly maxPayload?: number;
}

interface Origin {
  /** Of the connection that it is to take over; else it begins one. */
  readonly sid?: string;
  /** The address of this machine that it comes from; else the system's choice. */
  readonly source?: string | undefined;
}

/** An Engine.IO connection over a WebSocket. Its listeners are shared by all connections: none has closures of its own. */
export class Transport extends WebSocket implements Connection {
  readonly carrier = "websocket";
  #user: TransportUser | undefined;
  #fault: string | undefined;
  #node: string | undefined;

  /**
   * @param url of the server, http or https
   */
  constructor(url: string, user: TransportUser, { sid, source }: Origin = {}) {
    const query = `EIO=4&transport=websocket${sid === undefined ? "" : `&sid=${sid}`}`;
    const address = `${url.replace(/^http/, "ws").replace(/\/$/, "")}/socket.io/?${query}`;
    super(address, { perMessageDeflate: false, localAddress: source, family: familyOf(source) });
    this.#user = user;
    if (sid !== undefined) this.on("open", onOpen);
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
    else if (packet === `${ENGINE.pong}probe`) user.probed?.();
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

/** Sources are addresses of IPv4: the target is to be looked up as one, too. */
export function familyOf(source: string | undefined): 4 | undefined {
  return source === undefined ? undefined : 4;
}

/** The node's id in the answer to a handshake. */
export function nodeIn({ "x-node-id": node }: IncomingHttpHeaders): string | undefined {
  return typeof node === "string" ? node : undefined;
}

function onOpen(this: WebSocket): void {
  this.send(`${ENGINE.ping}probe`);
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
