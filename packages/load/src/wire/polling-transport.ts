import { randomUUID } from "node:crypto";
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { ENGINE } from "./packets.ts";
import { type Connection, familyOf, type Handshake, nodeIn, Transport, type TransportUser } from "./transport.ts";

/** Between the packets of a payload. */
const SEPARATOR = "\u001e";

/**
 * An Engine.IO connection by HTTP long-polling: one GET waits for packets, one POST at a time sends them. With
 * `mayUpgrade` it goes over to a WebSocket as the stock client does: a probe, then the GET that waits is let end, then
 * the upgrade; what is written meanwhile goes over the WebSocket.
 */
export class PollingTransport implements Connection, TransportUser {
  readonly #url: string;
  readonly #mayUpgrade: boolean;
  readonly #source: string | undefined;
  /** As a browser has connections of its own, so has a client: for the GET and the POST. */
  readonly #agent: HttpAgent;
  readonly #requests = new Set<ClientRequest>();
  #user: TransportUser | undefined;
  #handshake: Handshake | undefined;
  #unsent: string[] = [];
  #isPosting = false;
  #isPolling = false;
  /** Set from the first sign of a new WebSocket until it is used. */
  #isPausing = false;
  #isEnded = false;
  #socket: Transport | undefined;
  #isUpgraded = false;

  /** @param url of the server, http or https */
  constructor(url: string, user: TransportUser, mayUpgrade: boolean, source?: string) {
    this.#url = url.replace(/\/$/, "");
    this.#user = user;
    this.#mayUpgrade = mayUpgrade;
    this.#source = source;
    const options = { keepAlive: true, maxSockets: 2, localAddress: source, family: familyOf(source) };
    this.#agent = url.startsWith("https") ? new HttpsAgent(options) : new HttpAgent(options);
    this.#poll();
  }

  get carrier(): "websocket" | "polling" {
    return this.#isUpgraded ? "websocket" : "polling";
  }

  write(packet: string): void {
    if (this.#isUpgraded) return this.#socket?.write(packet);
    this.#unsent.push(packet);
    this.#post();
  }

  release(): void {
    this.#user = undefined;
  }

  close(): void {
    if (this.#isUpgraded) return this.#socket?.close();
    this.#socket?.release();
    this.#socket?.terminate();
    this.#socket = undefined;
    this.#isPausing = false;
    this.write(ENGINE.close);
  }

  terminate(): void {
    if (this.#isUpgraded) this.#socket?.terminate();
    else this.#end("transport error", "terminated");
  }

  /** Of the WebSocket to which it goes over. */
  probed(): void {
    this.#isPausing = true;
    this.#goOver();
  }

  opened(): void {} // a WebSocket that takes over has no handshake
  pinged(): void {
    this.#user?.pinged();
  }

  message(text: string): void {
    this.#user?.message(text);
  }

  closed(cause: "transport close" | "transport error", detail: string): void {
    if (this.#isUpgraded) return this.#end(cause, detail);
    this.#socket = undefined; // the upgrade failed: it stays as it is
    this.#isPausing = false;
    if (!this.#isPolling) this.#poll();
    this.#post();
  }

  #poll(): void {
    if (this.#isEnded || this.#isUpgraded) return;
    this.#isPolling = true;
    this.#request("GET", "", (payload, answer) => {
      this.#isPolling = false;
      for (const packet of payload.split(SEPARATOR)) this.#receive(packet, answer);
      if (this.#isPausing) this.#goOver();
      else this.#poll();
    });
  }

  #post(): void {
    const isReady = this.#handshake && !this.#isPosting && !this.#isPausing && !this.#isEnded;
    if (!isReady || this.#unsent.length === 0) return;
    this.#isPosting = true;
    const packets = this.#unsent.splice(0, this.#fitting());
    this.#request("POST", packets.join(SEPARATOR), () => {
      this.#isPosting = false;
      if (packets.includes(ENGINE.close)) return this.#end("transport close", "closed");
      if (this.#isPausing) this.#goOver();
      else this.#post();
    });
  }

  /** How many of the packets the server takes in one payload: at least one. */
  #fitting(): number {
    const { maxPayload = Number.POSITIVE_INFINITY } = this.#handshake ?? {};
    let bytes = 0;
    const firstOver = this.#unsent.findIndex((packet) => {
      bytes += Buffer.byteLength(packet) + 1;
      return bytes > maxPayload;
    });
    return firstOver < 0 ? this.#unsent.length : Math.max(1, firstOver);
  }

  #receive(packet: string, { headers }: IncomingMessage): void {
    if (this.#isEnded) return;
    if (packet[0] === ENGINE.message) this.#user?.message(packet);
    else if (packet === ENGINE.ping) {
      this.write(ENGINE.pong);
      this.#user?.pinged();
    } else if (packet[0] === ENGINE.open) {
      this.#handshake = JSON.parse(packet.slice(1)) as Handshake;
      this.#user?.opened(this.#handshake, nodeIn(headers));
      const { sid, upgrades = [] } = this.#handshake;
      if (this.#mayUpgrade && upgrades.includes("websocket"))
        this.#socket = new Transport(this.#url, this, { sid, source: this.#source });
      this.#post();
    } else if (packet === ENGINE.close) this.#end("transport close", "closed by the server");
  }

  /** Once nothing is on its way by HTTP. */
  #goOver(): void {
    if (this.#isPolling || this.#isPosting || this.#isEnded || !this.#socket) return;
    this.#socket.write(ENGINE.upgrade);
    this.#isUpgraded = true;
    this.#isPausing = false;
    this.#agent.destroy();
    for (const packet of this.#unsent.splice(0)) this.#socket.write(packet);
  }

  #request(method: "GET" | "POST", body: string, done: (payload: string, answer: IncomingMessage) => void): void {
    const sid = this.#handshake ? `&sid=${this.#handshake.sid}` : "";
    const url = `${this.#url}/socket.io/?EIO=4&transport=polling${sid}&t=${randomUUID().slice(0, 8)}`;
    const make = url.startsWith("https") ? requestHttps : requestHttp;
    const headers = method === "POST" ? { "content-type": "text/plain;charset=UTF-8" } : {};
    const request = make(url, { method, agent: this.#agent, headers }, (answer) => {
      let payload = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        payload += part;
      });
      answer.on("error", (error) => this.#end("transport error", error.message));
      answer.on("end", () => {
        this.#requests.delete(request);
        if (this.#isEnded) return;
        if (answer.statusCode === 200) done(payload, answer);
        else this.#end("transport error", `HTTP ${answer.statusCode} ${payload.slice(0, 100)}`.trim());
      });
    });
    this.#requests.add(request);
    request.on("error", (error) => this.#end("transport error", error.message));
    request.end(body);
  }

  #end(cause: "transport close" | "transport error", detail: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const user = this.#user;
    this.#user = undefined;
    this.#socket?.release();
    this.#socket?.terminate();
    for (const request of this.#requests) request.destroy();
    this.#agent.destroy();
    user?.closed(cause, detail);
  }
}
