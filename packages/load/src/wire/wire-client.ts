import { nameOf, offsetOf, type Packet, prefixOf, readPacket, SOCKET } from "./packets.ts";
import { PendingRequests } from "./pending-requests.ts";
import { type DisconnectReason, reconnectionDelay } from "./reconnection.ts";
import type { Timed, Timer } from "./timer-wheel.ts";
import type { Connection, Handshake, TransportUser } from "./transport.ts";
import { openConnection, type WireOptions, type WireOwner } from "./wire-owner.ts";

const CONNECTED_WITHIN_MS = 20_000;
const LATE_MS = 500;
const RETRY = 1;
const IMPATIENCE = 2;
const HEARTBEAT = 3;

/**
 * A client of Socket.IO 5 over Engine.IO 4 that behaves as the stock client does, for one namespace:
 * packets that are emitted while there is no connection are sent when there is one again, the recovery id and the offset
 * are shown at each CONNECT, and delays between attempts are the same. It costs a few kilobytes besides the socket's own.
 */
export class WireClient<Request> implements Timed, TransportUser {
  id: string | undefined;
  /** The id of the node that holds its connection, or the last one that did; the target where no node gives its id. */
  node: string;
  /** When something was last received, by the wheel's clock. */
  heardAt = 0;
  readonly #options: WireOptions;
  readonly #owner: WireOwner<Request>;
  readonly #eventPrefix: string;
  #transport: Connection | undefined;
  #isOpen = false;
  #timer: Timer | undefined;
  #heartbeatMs = 0;
  #failed = 0;
  #pid: string | undefined;
  #offset: string | undefined;
  readonly #requests = new PendingRequests<Request>();
  #unsent: string[] = [];
  /** Events that came before the answer to CONNECT. */
  #unread: string[] = [];

  constructor(options: WireOptions, owner: WireOwner<Request>) {
    this.#options = options;
    this.#owner = owner;
    this.node = options.url;
    this.#eventPrefix = prefixOf(SOCKET.event, options.namespace);
  }

  get isConnected(): boolean {
    return this.id !== undefined;
  }

  get carrier(): Connection["carrier"] | undefined {
    return this.#transport?.carrier;
  }

  /** Requests that were sent and have no answer yet. */
  get unanswered(): Iterable<Request> {
    return this.#requests.values();
  }

  connect(): void {
    this.#transport = openConnection(this.#options, this);
    this.#setTimer(CONNECTED_WITHIN_MS, IMPATIENCE);
  }

  /** An event with one argument; with `request` it is acknowledged. */
  emit(name: string, payload: unknown, request?: Request): void {
    const id = request === undefined ? "" : this.#requests.add(request);
    const packet = `${this.#eventPrefix}${id}${JSON.stringify([name, payload])}`;
    if (this.isConnected) this.#transport?.write(packet);
    else this.#unsent.push(packet);
  }

  /** Ends the session, as `disconnect()` of the stock client does. */
  disconnect(): void {
    if (this.isConnected) this.#transport?.write(prefixOf(SOCKET.disconnect, this.#options.namespace));
    this.#leave("io client disconnect");
  }

  /** Breaks the connection without closing it, as a network does; the client comes back by itself. */
  cut(): void {
    this.#transport?.terminate();
  }

  opened({ pingInterval, pingTimeout }: Handshake, node: string | undefined): void {
    this.node = node ?? this.#options.url;
    this.#isOpen = true;
    this.#failed = 0;
    this.#heartbeatMs = pingInterval + pingTimeout;
    this.pinged();
    const recovery = this.#pid === undefined ? undefined : { pid: this.#pid, offset: this.#offset };
    const content = recovery || this.#options.auth ? JSON.stringify({ ...recovery, ...this.#options.auth }) : "";
    this.#transport?.write(prefixOf(SOCKET.connect, this.#options.namespace) + content);
  }

  pinged(): void {
    this.heardAt = this.#options.wheel.now;
    this.#setTimer(this.#heartbeatMs, HEARTBEAT);
  }

  message(text: string): void {
    this.heardAt = this.#options.wheel.now;
    const packet = readPacket(text);
    if (packet.namespace !== this.#options.namespace) return;
    if (packet.type === SOCKET.event) {
      if (this.isConnected) this.#receive(packet.body);
      else this.#unread.push(packet.body);
    } else if (packet.type === SOCKET.ack) this.#answered(packet);
    else if (packet.type === SOCKET.connect) this.#connected(packet.body);
    else if (packet.type === SOCKET.disconnect) this.#leave("io server disconnect");
    else if (packet.type === SOCKET.connectError) this.#refused(packet.body);
  }

  closed(cause: "transport close" | "transport error", detail: string): void {
    if (this.#isOpen) return this.#ended(cause, true);
    this.#transport = undefined;
    this.#owner.onFailure(detail);
    this.#retryLater();
  }

  due(what: number, at: number): void {
    if (what === RETRY) return this.connect();
    // this process stood still: the answer may be here, and has not been read yet
    if (this.#options.wheel.now - at > LATE_MS) return this.#setTimer(LATE_MS, what);
    this.#transport?.release();
    this.#transport?.terminate();
    if (what === HEARTBEAT) this.#ended("ping timeout", true);
    else this.closed("transport error", "timeout");
  }

  #connected(body: string): void {
    const { sid, pid } = JSON.parse(body) as { sid: string; pid?: string };
    const recovered = pid !== undefined && pid === this.#pid;
    this.id = sid;
    this.#pid = pid;
    const [unread, unsent] = [this.#unread, this.#unsent];
    this.#unread = [];
    this.#unsent = [];
    for (const missed of unread) this.#receive(missed);
    for (const packet of unsent) this.#transport?.write(packet);
    this.#owner.onConnect(recovered);
  }

  #receive(body: string): void {
    const name = nameOf(body);
    if (name === undefined || this.#owner.wants(name)) {
      const [event, ...args] = JSON.parse(body) as [string, ...unknown[]];
      this.#owner.onEvent(event, args);
    }
    if (this.#pid !== undefined) this.#offset = offsetOf(body) ?? this.#offset;
  }

  #answered({ id = 0, body }: Packet): void {
    const request = this.#requests.take(id);
    if (request !== undefined) this.#owner.onAnswer(request, (JSON.parse(body) as unknown[])[0]);
  }

  #refused(body: string): void {
    const { message = "refused" } = JSON.parse(body) as { message?: string };
    this.#leave(undefined);
    this.#owner.onRefused(message);
  }

  /** Closes the connection and stays away. */
  #leave(reason: DisconnectReason | undefined): void {
    this.#transport?.release();
    this.#transport?.close();
    this.#ended(reason, false);
  }

  #ended(reason: DisconnectReason | undefined, mayReturn: boolean): void {
    const wasConnected = this.isConnected;
    this.id = undefined;
    this.#isOpen = false;
    this.#transport = undefined;
    this.#unread = [];
    this.#options.wheel.clear(this.#timer);
    if (wasConnected && reason !== undefined) this.#owner.onDisconnect(reason);
    if (mayReturn) this.#retryLater();
    // without a connection before, they are not sent yet
    if (wasConnected || !mayReturn) {
      for (const request of this.#requests.takeAll()) this.#owner.onAnswer(request, undefined);
    }
  }

  #retryLater(): void {
    const { wheel, random, reconnects = true } = this.#options;
    wheel.clear(this.#timer);
    if (!reconnects) return;
    this.#setTimer(reconnectionDelay(this.#failed, random()), RETRY);
    this.#failed += 1;
  }

  /** A client has one timer at a time: until it is open, until the next ping, or until its next attempt. */
  #setTimer(inMs: number, what: number): void {
    const { wheel } = this.#options;
    wheel.clear(this.#timer);
    this.#timer = wheel.set(wheel.now + inMs, this, what);
  }
}
