import { connect, createServer, type Socket } from "node:net";

/**
 * A proxy for TCP connections: each goes to the node that is its target at that moment. So a client that keeps its
 * address reconnects to another node, as behind a load balancer.
 */
export interface TcpProxy {
  readonly url: string;
  /** How many bytes were handed on to nodes. */
  readonly forwardedBytes: number;
  /** Where new connections go: a port of the loopback address. */
  routeTo(port: number): void;
  /** Breaks every connection without closing it properly. */
  cut(): void;
  /** Breaks the clients' sides only: a node that stands still finds what they had sent when it goes on. */
  abandon(): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly node: Socket;
  abandoned: boolean;
}

export async function openTcpProxy(target: number): Promise<TcpProxy> {
  let to = target;
  let forwardedBytes = 0;
  const links = new Set<Link>();
  const server = createServer((client) => {
    const node = connect(to, "127.0.0.1");
    const link: Link = { client, node, abandoned: false };
    links.add(link);
    for (const socket of [client, node]) socket.setNoDelay(true).on("error", () => {}); // its close is what counts
    client.on("close", () => {
      if (!link.abandoned) node.destroy();
    });
    node.on("close", () => {
      links.delete(link);
      client.destroy();
    });
    client.on("data", (chunk) =>
      node.write(chunk, () => {
        forwardedBytes += chunk.length;
      }),
    );
    client.on("end", () => node.end());
    node.pipe(client);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const cut = () => {
    for (const { client, node } of links) for (const socket of [client, node]) socket.resetAndDestroy();
  };
  const abandon = () => {
    for (const link of links) {
      link.abandoned = true;
      link.client.resetAndDestroy();
    }
  };
  const close = async () => {
    const closed = new Promise((done) => server.close(done));
    cut();
    await closed;
  };
  const routeTo = (next: number) => {
    to = next;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    routeTo,
    cut,
    abandon,
    close,
    get forwardedBytes() {
      return forwardedBytes;
    },
  };
}
