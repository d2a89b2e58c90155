import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { DelayedWriter } from "./delayed-writer.ts";

/** Something that connections can be forwarded to, on the loopback address. */
export interface Destination {
  readonly name: string;
  readonly port: number;
}

interface Link {
  readonly to: string;
  readonly client: Socket;
  readonly node: Socket;
  readonly writers: readonly DelayedWriter[];
  /** The client's side is broken, and the node does not know of it yet. */
  isAbandoned: boolean;
}

/**
 * Forwards each TCP connection to the destination that has the fewest, and can break, hold and delay those of one
 * destination. Only what stands between two processes can do that without rights over the network.
 */
export class Forwarder {
  readonly #destinations: () => readonly Destination[];
  readonly #server = createServer((client) => this.#accept(client));
  readonly #links = new Set<Link>();
  readonly #held = new Set<string>();
  readonly #delays = new Map<string, number>();
  /** Connections for which there is no destination at the moment. */
  readonly #waiting = new Set<Socket>();

  /** @param destinations those that are there at the moment */
  constructor(destinations: () => readonly Destination[]) {
    this.#destinations = destinations;
  }

  /** @returns the port, on the loopback address */
  async listen(): Promise<number> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks all connections to a destination, on both sides. */
  cut(name: string): number {
    const links = this.#linksTo(name);
    for (const { client, node } of links) for (const socket of [client, node]) socket.resetAndDestroy();
    return links.length;
  }

  /** Breaks the clients' sides only, until it is ended: a node that stands still finds what they had sent when it goes on. */
  abandon(name: string): () => void {
    const links = this.#linksTo(name);
    for (const link of links) {
      link.isAbandoned = true;
      link.client.resetAndDestroy();
    }
    return () => {
      for (const { node } of links) node.destroy();
    };
  }

  /** Nothing passes to or from a destination, and nothing is closed, until it is released. New connections go elsewhere. */
  hold(name: string): () => void {
    this.#held.add(name);
    for (const link of this.#linksTo(name)) for (const writer of link.writers) writer.hold();
    return () => {
      this.#held.delete(name);
      for (const link of this.#linksTo(name)) for (const writer of link.writers) writer.release();
      this.#admitWaiting();
    };
  }

  /** New connections go elsewhere, as behind a reverse proxy that has noticed that a node does not answer. */
  avoid(name: string): () => void {
    this.#held.add(name);
    return () => {
      this.#held.delete(name);
      this.#admitWaiting();
    };
  }

  /** Everything arrives so much later, in both directions, until it is ended. */
  delay(name: string, ms: number): () => void {
    this.#delays.set(name, ms);
    return () => void this.#delays.delete(name);
  }

  close(): void {
    this.#server.close();
    for (const { client, node } of this.#links) for (const socket of [client, node]) socket.destroy();
    for (const client of this.#waiting) client.destroy();
  }

  #linksTo(name: string): Link[] {
    return [...this.#links].filter(({ to }) => to === name);
  }

  #accept(client: Socket): void {
    client.pause().setNoDelay(true);
    client.on("error", () => {}); // its close is what counts
    this.#route(client, new Set());
  }

  #admitWaiting(): void {
    for (const client of [...this.#waiting]) {
      this.#waiting.delete(client);
      this.#route(client, new Set());
    }
  }

  /** @param refused destinations that did not accept it */
  #route(client: Socket, refused: ReadonlySet<string>): void {
    if (client.destroyed) return;
    const there = this.#destinations().filter(({ name }) => !refused.has(name));
    const open = there.filter(({ name }) => !this.#held.has(name));
    const counts = new Map(open.map(({ name }) => [name, this.#linksTo(name).length]));
    const [next] = open.toSorted((one, other) => (counts.get(one.name) ?? 0) - (counts.get(other.name) ?? 0));
    if (next) this.#connect(client, next, refused);
    else if (there.length > 0) this.#waiting.add(client);
    else client.destroy();
  }

  #connect(client: Socket, { name, port }: Destination, refused: ReadonlySet<string>): void {
    const node = connect(port, "127.0.0.1").setNoDelay(true);
    const lateness = () => this.#delays.get(name) ?? 0;
    const writers = [new DelayedWriter(client, node, lateness), new DelayedWriter(node, client, lateness)];
    const link: Link = { to: name, client, node, writers, isAbandoned: false };
    this.#links.add(link);
    let isConnected = false;
    node.once("connect", () => {
      isConnected = true;
      if (client.destroyed) return void node.destroy();
      if (this.#held.has(name)) for (const writer of writers) writer.hold();
      for (const writer of writers) writer.start();
    });
    node.on("error", () => {});
    node.on("close", () => {
      this.#links.delete(link);
      if (isConnected) client.destroy();
      else this.#route(client, new Set([...refused, name]));
    });
    client.on("close", () => {
      if (isConnected && !link.isAbandoned) node.destroy();
    });
  }
}
