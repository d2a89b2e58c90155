import { WebSocket } from "ws";
import type { Manners } from "./manners.ts";

const PATIENCE_MS = 60_000;
const PING = "2".charCodeAt(0);
const PONG = "3";
/** So long is the end of a packet at most that says how many there are. */
const TAIL = 40;
const TOTAL = '{"total":';

/** The traffic to guests, in WebSocket frames with their heads (RFC 6455), without the heartbeat. */
export interface Tally {
  /** How many have come online. */
  arrived: number;
  /** Bytes sent to them until they were online. */
  greetingBytes: number;
  /** Number of times that a guest online received the event of a new user, and the bytes of these events. */
  told: number;
  toldBytes: number;
  /** Bytes of the lists of users that went to guests online. */
  listBytes: number;
}

/** A user's client: a bare WebSocket that speaks just enough Engine.IO and Socket.IO to come online, and counts what it is sent. */
export class Guest {
  /** The last announced number of users online, in a dialect that announces it. */
  total = 0;
  readonly #user: string;
  readonly #manners: Manners;
  readonly #tally: Tally;
  readonly #onFault: (fault: string) => void;
  readonly #socket: WebSocket;
  readonly #newsHead: string;
  readonly #listHead: string;
  readonly #awaited: Set<string>;
  #closing = false;
  #sent = 0;
  /** The number of the last feed entry that it received, by its recovery offset; 0: unknown. */
  #place = 0;
  #isIn = false;
  readonly #arrival = Promise.withResolvers<void>();

  constructor(url: string, user: string, manners: Manners, tally: Tally, onFault: (fault: string) => void) {
    this.#user = user;
    this.#manners = manners;
    this.#tally = tally;
    this.#onFault = (fault) => {
      onFault(fault);
      this.#arrival.reject(new Error(fault));
    };
    this.#newsHead = `42${manners.namespace},["${manners.news}"`;
    this.#listHead = `42${manners.namespace},["${manners.list}"`;
    this.#awaited = new Set(manners.greetings);
    const address = `${url.replace("http:", "ws:")}/socket.io/?EIO=4&transport=websocket`;
    this.#socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#socket.on("message", (packet: Buffer) => this.#receive(packet));
    this.#socket.on("error", ({ message }) => this.#onFault(message));
    this.#socket.on("close", (code) => this.#closing || this.#onFault(`${user} was closed: ${code}`));
  }

  /** Resolves when it is online and has received the current state. */
  async arrival(): Promise<void> {
    const { promise, reject } = this.#arrival;
    const impatience = setTimeout(() => reject(new Error(`${this.#user} is not online in time`)), PATIENCE_MS);
    await promise.finally(() => clearTimeout(impatience));
  }

  close(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  #receive(packet: Buffer): void {
    if (packet[0] === PING) return this.#socket.send(PONG);
    const bytes = packet.length + headOf(packet.length);
    if (!this.#isIn) return this.#greet(packet.toString(), bytes);
    const isList = startsWith(packet, this.#listHead);
    if (isList) this.#tally.listBytes += bytes;
    if (!startsWith(packet, this.#newsHead)) {
      if (!isList) this.#onFault(`${this.#user} was told ${packet.toString().slice(0, 200)}`);
      return;
    }
    this.#tally.told += 1;
    this.#tally.toldBytes += bytes;
    this.#note(packet.toString("latin1", Math.max(0, packet.length - TAIL)));
  }

  #greet(packet: string, bytes: number): void {
    const { namespace, connect, open } = this.#manners;
    this.#sent += bytes;
    if (packet.startsWith("0")) this.#socket.send(connect(this.#user));
    else if (packet.startsWith(`40${namespace},`)) open && this.#socket.send(open(this.#user));
    else if (packet.startsWith(`42${namespace},`)) this.#hear(packet);
    else this.#onFault(`${this.#user} was told ${packet.slice(0, 200)}`);
  }

  #hear(packet: string): void {
    const [, event = ""] = /\["([^"]*)"/.exec(packet) ?? [];
    if (event === "error") this.#onFault(packet.slice(0, 200));
    this.#awaited.delete(event);
    this.#note(packet.slice(-TAIL));
    if (this.#awaited.size > 0) return;
    this.#isIn = true;
    this.#tally.arrived += 1;
    this.#tally.greetingBytes += this.#sent;
    this.#arrival.resolve();
  }

  /** The end of an event holds the number of users, or the feed entry's number. Those numbers have no gap. */
  #note(tail: string): void {
    const at = tail.lastIndexOf(TOTAL);
    if (at >= 0) this.total = Number.parseInt(tail.slice(at + TOTAL.length), 10);
    if (!tail.includes("~")) return;
    const place = Number.parseInt(tail.slice(tail.lastIndexOf("-") + 1), 10);
    if (this.#place > 0 && place !== this.#place + 1)
      this.#onFault(`${this.#user} was told ${place} after ${this.#place}`);
    this.#place = place;
  }
}

function startsWith(packet: Buffer, head: string): boolean {
  return packet.toString("latin1", 0, head.length) === head;
}

function headOf(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}
