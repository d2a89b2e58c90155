import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Backend, type NodeAddress, pick } from "./backend.ts";
import { type Exchange, passOn, responseOn } from "./exchange.ts";
import { HealthChecks } from "./health.ts";
import { hasBody, problemOf, refuse } from "./refuse.ts";
import { Sids } from "./sids.ts";
import { WaitingConnections } from "./waiting-connections.ts";

/** A node names the sid of a new Engine.IO session in this header of the handshake's answer. */
const SID_HEADER = "x-engine-sid";
const SWEEP_MS = 1000;
/** How long a node may be silent beyond the longest pause that Engine.IO's pings leave. */
const NODE_TIMEOUT_MARGIN_MS = 3000;
/** Longer than browsers keep an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 65_000;

/** How long a client may take to send a request, and how many connections of an address may wait for one. */
export interface ClientLimits {
  /** For its head, from the connection or the first byte on. */
  readonly headMs: number;
  /** For all of it. */
  readonly requestMs: number;
  readonly waitingPerAddress: number;
}

/** The head's is nginx's `client_header_timeout`. */
const CLIENT_LIMITS: ClientLimits = { headMs: 15_000, requestMs: 60_000, waitingPerAddress: 2048 };
/** How often both are looked after. */
const CHECKS_A_LIMIT = 5;

export interface ReverseProxyOptions {
  readonly nodes: readonly NodeAddress[];
  /** How long a node may leave a request or a WebSocket without a byte: longer than from one ping to the next. */
  readonly nodeTimeoutMs: number;
  readonly clientLimits?: ClientLimits;
  /** Receives the errors that ought not to have happened. */
  readonly log: (text: string) => void;
}

/**
 * The HTTP and WebSocket proxy before the nodes, sticky by Engine.IO sid: it does what `sticky learn` does in nginx.
 * A known sid goes to its node and nowhere else; everything else to the least loaded node that is ready.
 */
export class ReverseProxy {
  readonly #backends: readonly Backend[];
  readonly #sids = new Sids();
  readonly #health: HealthChecks;
  readonly #tunnels = new Set<Socket>();
  readonly #server: Server;
  #sweeps: NodeJS.Timeout | undefined;

  constructor({ nodes, nodeTimeoutMs: timeoutMs, clientLimits = CLIENT_LIMITS, log }: ReverseProxyOptions) {
    const { headMs, requestMs, waitingPerAddress } = clientLimits;
    const waiting = new WaitingConnections(waitingPerAddress);
    this.#backends = nodes.map((address) => new Backend(address));
    this.#health = new HealthChecks(this.#backends);
    /** A failure in one exchange ends its connection, and nothing else. */
    const serve = (exchange: Omit<Exchange, "timeoutMs" | "isRepeatable">) =>
      this.#serve({ ...exchange, timeoutMs, isRepeatable: isRepeatable(exchange.request) }).catch((error: unknown) => {
        exchange.request.socket.destroy();
        log(`a connection was closed, since what it asked for failed here: ${placeOf(error)}`);
      });
    const isWebSocket = (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === "websocket";
    this.#server = createServer({
      shouldUpgradeCallback: isWebSocket,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.ceil(headMs / CHECKS_A_LIMIT),
    });
    this.#server.on("connection", (socket: Socket) => waiting.opened(socket));
    this.#server.on("request", (request, response) => {
      waiting.requested(request, response);
      void serve({ request, response });
    });
    this.#server.on("upgrade", (request, socket: Socket, head) => {
      waiting.upgraded(socket);
      socket.on("error", () => {}); // its "close" says so
      this.#tunnels.add(socket);
      socket.once("close", () => this.#tunnels.delete(socket));
      void serve({ request, response: responseOn(socket, request), head });
    });
  }

  /** Asks the nodes, then listens. Resolves to the port. */
  async listen(port: number, host: string): Promise<number> {
    await this.#health.start();
    this.#sweeps = setInterval(() => this.#sids.sweep(), SWEEP_MS);
    await once(this.#server.listen(port, host), "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** A node's process has ended: what it held is gone, and it gets nothing until it is ready again. */
  nodeGone(name: string): void {
    const backend = this.#backends.find(({ address }) => address.name === name);
    if (backend === undefined) return;
    backend.ready = false;
    this.#sids.forget(backend);
  }

  /** Takes no new connection; those there are go on. */
  stopAccepting(): void {
    this.#server.close();
  }

  /** Closes whatever is left. */
  close(): void {
    this.#health.stop();
    clearInterval(this.#sweeps);
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#tunnels) socket.destroy();
    for (const { agent } of this.#backends) agent.destroy();
  }

  /** Goes to the node of its sid; without one to ready nodes in turn, until one takes it. */
  async #serve(exchange: Exchange): Promise<void> {
    const { request, response, head } = exchange;
    for (const stream of [request, response]) stream.on("error", () => {}); // its "close" says so
    const problem = problemOf(request, head !== undefined);
    if (problem !== undefined) return refuse(response, problem);
    const attempt = async (backend: Backend, isLast: boolean) => {
      const onAnswer = ({ headers: { [SID_HEADER]: sid } }: IncomingMessage) => {
        if (typeof sid === "string") this.#sids.remember(sid, backend);
      };
      const outcome = await passOn(exchange, { backend, isLast }, onAnswer);
      if (outcome === "refused") backend.ready = false;
      return outcome;
    };
    const held = this.#sids.use(sidOf(request));
    if (held !== undefined) {
      const outcome = await attempt(held.backend, true).finally(() => held.release(head !== undefined));
      if (outcome === "refused") refuse(response, "node_gone");
      return;
    }
    const tried = new Set<Backend>();
    for (;;) {
      const backend = pick(this.#backends, tried);
      if (backend === undefined) return refuse(response, "unavailable");
      tried.add(backend);
      const isLast = !this.#backends.some((other) => other.ready && !tried.has(other));
      if ((await attempt(backend, isLast).finally(backend.hold())) === "over") return;
    }
  }
}

/** Not with a sid: what a client sends in its session may have been acted upon. */
function isRepeatable(request: IncomingMessage): boolean {
  const isRead = request.method === "GET" || request.method === "HEAD";
  return isRead && !hasBody(request) && sidOf(request) === "";
}

function sidOf({ url = "" }: IncomingMessage): string {
  return new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("sid") ?? "";
}

/** An error's code and where it arose: its message may quote the request. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = "code" in error ? String(error.code) : error.name;
  const place = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return `${code}${place?.replace(/^\s+/, " ") ?? ""}`;
}

/** How long a reverse proxy waits for a node that is silent, in ms. */
export function nodeTimeoutOf(config: Readonly<Record<"PING_INTERVAL_MS" | "PING_TIMEOUT_MS", number>>): number {
  return config.PING_INTERVAL_MS + config.PING_TIMEOUT_MS + NODE_TIMEOUT_MARGIN_MS;
}
