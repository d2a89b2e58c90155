import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const CONNECTED_WITHIN_MS = 1000;
/** How long an endpoint that did not accept gets nothing, as at a load balancer that checks machines. */
const AVOIDED_MS = 10_000;

/** A pod at which a Service's connections may end. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Listens at a Service's address: it passes each connection on to one of the endpoints of that moment. */
export class ServiceProxy {
  readonly #endpoints: () => readonly Endpoint[];
  readonly #isSticky: boolean;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The endpoints of clients, by the clients' addresses, where they are to stay. */
  readonly #bound = new Map<string, string>();
  readonly #avoided = new Map<string, number>();
  #turn = 0;

  /** @param isSticky whether all connections from one address go to one endpoint (`sessionAffinity: ClientIP`) */
  constructor(endpoints: () => readonly Endpoint[], isSticky: boolean) {
    this.#endpoints = endpoints;
    this.#isSticky = isSticky;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param port 0: any that is free */
  async listen(port: number, address: string): Promise<number> {
    await once(this.#server.listen(port, address), "listening");
    const bound = this.#server.address();
    return typeof bound === "object" && bound !== null ? bound.port : port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    client.pause().setNoDelay(true);
    this.#keep(client);
    this.#route(client, client.remoteAddress ?? "", new Set());
  }

  #route(client: Socket, from: string, refused: ReadonlySet<string>): void {
    const there = this.#endpoints().filter(({ address }) => !refused.has(address));
    const now = performance.now();
    const open = there.filter(({ address }) => (this.#avoided.get(address) ?? 0) < now);
    const bound = this.#isSticky ? open.find(({ address }) => address === this.#bound.get(from)) : undefined;
    const candidates = open.length > 0 ? open : there;
    const endpoint = bound ?? candidates[this.#turn++ % candidates.length];
    if (!endpoint) return void client.destroy();
    this.#bound.set(from, endpoint.address);
    this.#connect(client, endpoint, () => {
      this.#avoided.set(endpoint.address, performance.now() + AVOIDED_MS);
      this.#route(client, from, new Set([...refused, endpoint.address]));
    });
  }

  #connect(client: Socket, { address, port }: Endpoint, failed: () => void): void {
    const pod = connect(port, address).setNoDelay(true);
    this.#keep(pod);
    let isConnected = false;
    const limit = setTimeout(() => pod.destroy(), CONNECTED_WITHIN_MS);
    pod.once("connect", () => {
      isConnected = true;
      clearTimeout(limit);
      client.pipe(pod).pipe(client);
    });
    pod.once("close", () => {
      clearTimeout(limit);
      if (isConnected) client.destroy();
      else if (!client.destroyed) failed();
    });
    client.once("close", () => pod.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {}); // its close is what counts
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
