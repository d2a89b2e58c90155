import { createServer, type Socket } from "node:net";

/** A server that speaks just enough of Redis's protocol to say which version it is. */
export interface OldRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** @param info what `INFO server` answers */
export async function startOldRedis(info: string): Promise<OldRedis> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    // a command is an array of bulk strings; its name is the first of them
    socket.on("data", (chunk) => {
      for (const [, name] of String(chunk).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        if (name?.toUpperCase() === "INFO") socket.write(`$${Buffer.byteLength(info)}\r\n${info}\r\n`);
        else if (name?.toUpperCase() === "HELLO") socket.write("-ERR unknown command 'HELLO'\r\n");
        else socket.write("+OK\r\n");
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const close = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `redis://127.0.0.1:${port}`, close };
}
