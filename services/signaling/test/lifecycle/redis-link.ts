import { connect, createServer, type Socket } from "node:net";

/** A node's network to Redis, which can fail, in two ways. */
export interface RedisLink {
  readonly url: string;
  /** Connections break, and new ones are refused. */
  cut(): void;
  /** Nothing gets through any longer, and nobody notices: what is sent waits, new connections too. */
  silence(): void;
  restore(): void;
  /** Connections break, once, when the node sends something that has this text in it: Redis does not receive it. */
  breakAt(text: string): void;
  close(): Promise<void>;
}

/** @param port of a Redis on the loopback address */
export async function openRedisLink(port: number): Promise<RedisLink> {
  let isCut = false;
  let isSilent = false;
  let breaking: string | undefined;
  const sockets = new Set<Socket>();
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((node) => {
    if (isCut) return void node.resetAndDestroy();
    const redis = connect(port, "127.0.0.1");
    for (const [one, other] of [[node, redis] as const, [redis, node] as const]) {
      sockets.add(one);
      one.setNoDelay(true).on("error", () => {}); // its close is what counts
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on("data", (chunk) => {
        if (breaking === undefined || one === redis || !chunk.includes(breaking)) return void other.write(chunk);
        breaking = undefined;
        breakAll();
      });
      if (isSilent) one.pause();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const own = (server.address() as { port: number }).port;
  return {
    url: `redis://127.0.0.1:${own}`,
    cut() {
      isCut = true;
      breakAll();
    },
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    restore() {
      isCut = isSilent = false;
      for (const socket of sockets) socket.resume();
    },
    breakAt(text) {
      breaking = text;
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      breakAll();
      await closed;
    },
  };
}
