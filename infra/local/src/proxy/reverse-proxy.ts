import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { problemOf, problemOfUpgrade } from "./acceptance.ts";
import { Backend, type NodeAddress } from "./backend.ts";
import { Balance } from "./balance.ts";
import { forward, type Outcome } from "./forward.ts";
import { HealthChecks } from "./health.ts";
import { refuse } from "./refuse.ts";
import { Sids } from "./sids.ts";
import { responseOn, tunnel } from "./tunnel.ts";

/** A node names the sid of a new Engine.IO session in this header of the handshake's answer. */
const SID_HEADER = "x-engine-sid";
const SWEEP_MS = 1000;
/** Longer than browsers keep an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 65_000;

export interface ReverseProxyOptions {
  readonly nodes: readonly NodeAddress[];
  /** How long a node may leave a request without a byte: longer than a long poll lasts. */
  readonly nodeTimeoutMs: number;
  /** Receives the errors that ought not to have happened. */
  readonly log: (text: string) => void;
}

/**
 * The HTTP and WebSocket proxy before the nodes, sticky by Engine.IO sid: it does what `sticky learn` does in nginx.
 * A known sid goes to its node and nowhere else; everything else to the least loaded node that is ready.
 */
export class ReverseProxy {
  readonly #backends: readonly Backend[];
  readonly #balance: Balance;
  readonly #sids = new Sids();
  readonly #health: HealthChecks;
  readonly #tunnels = new Set<Socket>();
  readonly #timeoutMs: number;
  readonly #log: (text: string) => void;
  readonly #server: Server;
  #sweeps: NodeJS.Timeout | undefined;

  constructor({ nodes, nodeTimeoutMs, log }: ReverseProxyOptions) {
    this.#backends = nodes.map((address) => new Backend(address));
    this.#balance = new Balance(this.#backends);
    this.#health = new HealthChecks(this.#backends);
    this.#timeoutMs = nodeTimeoutMs;
    this.#log = log;
    const isWebSocket = (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === "websocket";
    this.#server = createServer({ shouldUpgradeCallback: isWebSocket, keepAliveTimeout: KEEP_ALIVE_MS });
    this.#server.on("request", (request, response) =>
      this.#contain(request.socket, this.#onRequest(request, response)),
    );
    this.#server.on("upgrade", (request, socket: Socket, head) =>
      this.#contain(socket, this.#onUpgrade(request, socket, head)),
    );
  }

  /** Asks the nodes, then listens. Resolves to the port. */
  async listen(port: number, host: string): Promise<number> {
    await this.#health.start();
    this.#sweeps = setInterval(() => this.#sids.sweep(), SWEEP_MS);
    await new Promise<void>((listening, failed) => {
      this.#server.once("error", failed);
      this.#server.listen(port, host, () => listening());
    });
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : port;
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

  /** A failure in one exchange ends its connection, and nothing else. */
  #contain(client: Socket, exchange: Promise<void>): void {
    exchange.catch((error: unknown) => {
      client.destroy();
      this.#log(`a connection was closed, since what it asked for failed here: ${placeOf(error)}`);
    });
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => {}); // a client that breaks off: its answer's "close" says so
    response.on("error", () => {});
    const problem = problemOf(request);
    if (problem !== undefined) return refuse(response, problem);
    const exchange = (backend: Backend, onAnswer: (answer: IncomingMessage) => void) =>
      forward({ request, response, timeoutMs: this.#timeoutMs, onAnswer }, backend);
    const held = this.#sids.use(sidOf(request));
    if (held !== undefined) {
      const outcome = await exchange(held.backend, () => {}).finally(() => held.release(false));
      if (outcome === "refused") this.#refusedWithSid(held.backend, response);
      return;
    }
    await this.#onSomeNode(
      (backend) => exchange(backend, (answer) => this.#learn(answer, backend)),
      () => response,
    );
  }

  async #onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on("error", () => {}); // its "close" says so
    this.#tunnels.add(socket);
    socket.once("close", () => this.#tunnels.delete(socket));
    const problem = problemOfUpgrade(request);
    if (problem !== undefined) return refuse(responseOn(socket, request), problem);
    const upgrade = (backend: Backend) => tunnel({ request, socket, head, timeoutMs: this.#timeoutMs }, backend);
    const held = this.#sids.use(sidOf(request));
    if (held !== undefined) {
      const outcome = await upgrade(held.backend).finally(() => held.release(true));
      if (outcome === "refused") this.#refusedWithSid(held.backend, responseOn(socket, request));
      return;
    }
    await this.#onSomeNode(upgrade, () => responseOn(socket, request));
  }

  /** Tries ready nodes in turn until one takes the connection. */
  async #onSomeNode(attempt: (backend: Backend) => Promise<Outcome>, answer: () => ServerResponse): Promise<void> {
    const tried = new Set<Backend>();
    for (;;) {
      const backend = this.#balance.pick(tried);
      if (backend === undefined) return refuse(answer(), "unavailable");
      tried.add(backend);
      const letGo = backend.hold();
      const outcome = await attempt(backend).finally(letGo);
      if (outcome === "over") return;
      backend.ready = false;
    }
  }

  #refusedWithSid(backend: Backend, response: ServerResponse): void {
    backend.ready = false;
    refuse(response, "node_gone");
  }

  #learn(answer: IncomingMessage, backend: Backend): void {
    const sid = answer.headers[SID_HEADER];
    if (typeof sid === "string") this.#sids.remember(sid, backend);
  }
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
