import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { NodeAddress } from "../src/front/backend.ts";

/** A small real Socket.IO node, as the front door expects one: `/readyz`, and the sid in the handshake's answer. */
export interface SocketNode extends NodeAddress {
  readonly io: Server;
  /** What `/readyz` says from now on. */
  setReady(ready: boolean): void;
  /** Ends it as a crash would: every connection breaks. */
  crash(): Promise<void>;
}

export async function startSocketNode(name: string, port = 0): Promise<SocketNode> {
  let ready = true;
  const http = createServer((request, response) => {
    if (request.url === "/readyz") response.writeHead(ready ? 200 : 503).end();
    else if (request.url === "/whoami") response.end(JSON.stringify({ name, headers: request.headers }));
    else if (request.url === "/echo") request.pipe(response);
    else if (request.url === "/break") response.write("half", () => response.destroy());
    else response.writeHead(404).end();
  });
  const io = new Server(http, { pingInterval: 2000, serveClient: false });
  announceSids(io);
  io.on("connection", (socket) => {
    socket.emit("hello", name);
    socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
  });
  await new Promise<void>((listening) => http.listen(port, "127.0.0.1", listening));
  const crash = async () => {
    const closed = new Promise((done) => http.close(done));
    http.closeAllConnections();
    for (const client of io.sockets.sockets.values()) client.conn.close(true);
    io.engine.close();
    await closed;
  };
  const setReady = (value: boolean) => {
    ready = value;
  };
  return { name, host: "127.0.0.1", port: (http.address() as AddressInfo).port, io, setReady, crash };
}

function announceSids({ engine }: Server): void {
  const sids = new WeakMap<IncomingMessage, string>();
  const generate = engine.generateId.bind(engine);
  engine.generateId = async (request: IncomingMessage) => {
    const sid = await generate(request);
    sids.set(request, sid);
    return sid;
  };
  engine.on("initial_headers", (headers: Record<string, string>, request: IncomingMessage) => {
    const sid = sids.get(request);
    if (sid !== undefined) headers["X-Engine-Sid"] = sid;
  });
}
