import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "socket.io";
import type { Readiness } from "../lifecycle/readiness.ts";
import { clientAddress } from "../limits/client-address.ts";
import type { CountedConnection } from "../limits/connection-allowance.ts";
import type { Limits } from "../limits/limits.ts";
import { noteNetwork } from "../moderation/connection-network.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { UNSUPPORTED_PROTOCOL } from "./engine-hooks.ts";
import { mayConnect, type Origins } from "./origins.ts";

export interface HandshakeParts {
  readonly origins: Origins;
  readonly readiness: Pick<Readiness, "isCutOff">;
  readonly limits: Pick<Limits, "trust" | "connections" | "connects">;
  readonly metrics: Metrics;
}

/** A request with what Engine.IO adds to it: the response, unless it asks for a WebSocket. */
type Handshake = IncomingMessage & { readonly res?: ServerResponse };

interface PendingHandshake {
  /** The client's, as limits count it. */
  readonly address: string;
  /** Gives the place back. */
  readonly release: () => void;
  /** Stops watching whether it comes to nothing. A listener that stayed would keep the request as long as the connection. */
  readonly connected: () => void;
}

type Answer = (error: string | null | undefined, allowed: boolean) => void;

/** Decides whether a handshake may go on, before anything else is done for it: by the page's origin, and by the client's address. */
export class Handshakes {
  readonly #parts: HandshakeParts;
  #engine: Server["engine"] | undefined;
  /** The handshakes that have a place, and no connection yet. */
  readonly #waiting = new Map<IncomingMessage, PendingHandshake>();

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  /** Engine.IO's `allowRequest`. A client that is refused is answered here, so that it learns why. */
  readonly allow = (request: IncomingMessage, answer: Answer): void => {
    const { origins, limits, readiness } = this.#parts;
    if (readiness.isCutOff) return rejectHandshake(request, 503, CUT_OFF); // a reverse proxy then asks another node
    if (isOldWebSocket(request)) return this.#rejectOldProtocol(request);
    if (!mayConnect(request, origins, limits.trust)) {
      return rejectHandshake(request, 403, { error: "Pages of this origin may not connect.", code: "unauthorized" });
    }
    void this.#admit(request, answer);
  };

  /** Gives places back when their connections end. */
  watch(engine: Server["engine"]): void {
    this.#engine = engine;
    engine.on(
      "connection",
      (connection: CountedConnection & { request: IncomingMessage; on(event: "close", heard: () => void): void }) => {
        const waiting = this.#waiting.get(connection.request);
        if (!waiting) return;
        this.#waiting.delete(connection.request);
        connection.address = waiting.address;
        noteNetwork(connection, waiting.address);
        waiting.connected();
        connection.on("close", waiting.release);
      },
    );
  }

  /** As Engine.IO answers it by polling. It would open the WebSocket first, and write its refusal where a frame is expected. */
  #rejectOldProtocol(request: Handshake): void {
    const refusal = { code: UNSUPPORTED_PROTOCOL, message: "Unsupported protocol version" };
    this.#engine?.emit("connection_error", { req: request, ...refusal, context: { protocol: 3 } });
    rejectHandshake(request, 400, refusal);
  }

  async #admit(request: Handshake, answer: Answer): Promise<void> {
    const { limits, metrics } = this.#parts;
    if (!request.res) request.socket.on("error", ignore); // an upgrading socket has no listener while Redis is asked
    const address = clientAddress(request, limits.trust);
    if (address === undefined) return void request.socket.destroy();
    const tooMany = (limit: string, error: string, details = {}) => {
      metrics.limitsHit.inc({ limit });
      rejectHandshake(request, 429, { error, code: "rate_limited", ...details });
    };
    const over = await limits.connects.takeHandshake(address);
    if (over) {
      const retryAfterMs = Math.ceil(over.waitMs);
      return tooMany(over.limit, "Your address connects too often; slow down.", { retryAfterMs });
    }
    const release = await limits.connections.acquire(address);
    if (!release) return tooMany("connections", "There are too many connections from your address.");
    const stream = request.res ?? request.socket;
    if (stream.destroyed) return release();
    const abandoned = () => {
      if (this.#waiting.delete(request)) release();
    };
    stream.once("close", abandoned);
    this.#waiting.set(request, { address, release, connected: () => stream.off("close", abandoned) });
    answer(null, true);
  }
}

/** Whether a client of Socket.IO 1 or 2 asks for a WebSocket: all others name their version of Engine.IO, 4. */
function isOldWebSocket({ res, url = "" }: Handshake): boolean {
  return res === undefined && new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("EIO") !== "4";
}

/** It knows of nothing: what a listener knows stays as long as the connection. */
function ignore(): void {}

const CUT_OFF = { error: "This node can't take clients right now; try again.", code: "server_error" };

const reasonPhrases = {
  400: "Bad Request",
  403: "Forbidden",
  429: "Too Many Requests",
  503: "Service Unavailable",
} as const;

/** Answers a handshake as an HTTP request, be it one for a WebSocket. */
function rejectHandshake(
  { res, socket }: Handshake,
  status: keyof typeof reasonPhrases,
  content: Readonly<Record<string, unknown>>,
): void {
  const body = JSON.stringify(content);
  const headers: Record<string, string | number> = {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  };
  const { retryAfterMs } = content;
  if (typeof retryAfterMs === "number") headers["retry-after"] = Math.ceil(retryAfterMs / 1000);
  if (res) {
    res.writeHead(status, headers).end(body);
    return;
  }
  const lines = Object.entries({ connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${reasonPhrases[status]}`, ...lines, "", body].join("\r\n"), () => socket.destroy());
}
