import { connect, createServer, type Socket } from "node:net";

/** A node's way to Redis, on which the messages that are published to it can be counted, and held up. */
export interface RedisWay {
  readonly url: string;
  /** How many bytes the connections that subscribe were sent. */
  readonly published: number;
  /** From now on, messages to the connections that subscribe wait; also to connections that are yet to come. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

/** By its name a connection says what it is for. */
const SUBSCRIBES = /-sub\r\n/;

/** @param port of a Redis on the loopback address */
export async function openRedisWay(port: number): Promise<RedisWay> {
  let delivered = 0;
  let isHeld = false;
  const sockets = new Set<Socket>();
  /** From Redis, to what subscribes. */
  const subscribed = new Set<Socket>();
  const server = createServer((node) => {
    const redis = connect(port, "127.0.0.1");
    for (const [one, other] of [[node, redis] as const, [redis, node] as const]) {
      sockets.add(one);
      one.setNoDelay(true).on("error", () => {}); // its close is what counts
      one.on("close", () => {
        sockets.delete(one);
        subscribed.delete(one);
        other.destroy();
      });
    }
    node.on("data", (chunk) => {
      if (SUBSCRIBES.test(chunk.toString("latin1"))) {
        subscribed.add(redis);
        if (isHeld) redis.pause();
      }
      redis.write(chunk);
    });
    redis.on("data", (chunk) => {
      if (subscribed.has(redis)) delivered += chunk.length;
      node.write(chunk);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const own = (server.address() as { port: number }).port;
  return {
    url: `redis://127.0.0.1:${own}`,
    get published() {
      return delivered;
    },
    hold() {
      isHeld = true;
      for (const redis of subscribed) redis.pause();
    },
    release() {
      isHeld = false;
      for (const redis of subscribed) redis.resume();
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
