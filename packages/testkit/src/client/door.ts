import { connect, createServer, type Socket } from "node:net";

/**
 * A front door for TCP connections: each goes to the node that the door leads to at that moment. So a client that stays with one
 * address comes back to another node, as behind a load balancer.
 */
export interface Door {
  readonly url: string;
  /** How many bytes were handed on to nodes. */
  readonly handedOn: number;
  /** Where new connections go: a port of the loopback address. */
  leadTo(port: number): void;
  /** Breaks every connection, without a goodbye. */
  cut(): void;
  /** Breaks the clients' sides only: a node that stands still finds what they had sent when it goes on. */
  abandon(): void;
  close(): Promise<void>;
}

interface Way {
  readonly client: Socket;
  readonly node: Socket;
  abandoned: boolean;
}

export async function openDoor(target: number): Promise<Door> {
  let to = target;
  let handedOn = 0;
  const ways = new Set<Way>();
  const server = createServer((client) => {
    const node = connect(to, "127.0.0.1");
    const way: Way = { client, node, abandoned: false };
    ways.add(way);
    for (const socket of [client, node]) socket.setNoDelay(true).on("error", () => {}); // its close is what counts
    client.on("close", () => {
      if (!way.abandoned) node.destroy();
    });
    node.on("close", () => {
      ways.delete(way);
      client.destroy();
    });
    client.on("data", (chunk) =>
      node.write(chunk, () => {
        handedOn += chunk.length;
      }),
    );
    client.on("end", () => node.end());
    node.pipe(client);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const cut = () => {
    for (const { client, node } of ways) for (const socket of [client, node]) socket.resetAndDestroy();
  };
  const abandon = () => {
    for (const way of ways) {
      way.abandoned = true;
      way.client.resetAndDestroy();
    }
  };
  const close = async () => {
    const closed = new Promise((done) => server.close(done));
    cut();
    await closed;
  };
  const leadTo = (next: number) => {
    to = next;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo,
    cut,
    abandon,
    close,
    get handedOn() {
      return handedOn;
    },
  };
}
