import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { freePort } from "@switchyard/testkit";
import { Server } from "socket.io";
import type { NodeAddress } from "../src/backend.ts";

/** A small real Socket.IO node, as the reverse proxy expects one: `/readyz`, and the sid in the handshake's answer. */
export interface SocketNode extends NodeAddress {
  readonly io: Server;
  /** Sets the answer of `/readyz` from now on. */
  setReady(ready: boolean): void;
  /** Ends it as a crash would: every connection breaks. */
  crash(): Promise<void>;
}

/** Nodes that a reverse proxy can be put before, called node-1 and so on. */
export interface SocketNodes {
  readonly nodes: SocketNode[];
  /** Starts a node in the place of one that has crashed. */
  revive(index: number): Promise<SocketNode>;
}

/** As signaling nodes do: an idle connection is not closed while a request is sent into it, however slow everything is. */
const KEEP_ALIVE_MS = 72_000;

export async function startSocketNodes(count: number, host: string, toClose: (() => unknown)[]): Promise<SocketNodes> {
  const start = async (index: number, port: number) => {
    const node = await startSocketNode(`node-${index + 1}`, host, port);
    toClose.push(() => node.crash().catch(() => {})); // it may have crashed already
    return node;
  };
  const nodes = await Promise.all(Array.from({ length: count }, async (_, index) => start(index, await freePort())));
  return { nodes, revive: (index) => start(index, nodes[index]?.port ?? 0) };
}

export async function startSocketNode(name: string, host: string, port: number): Promise<SocketNode> {
  let ready = true;
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (request.url === "/readyz") response.writeHead(ready ? 200 : 503).end();
    else if (request.url === "/whoami") response.end(JSON.stringify({ name, headers: request.headers }));
    else if (request.url === "/echo") request.pipe(response);
    else if (request.url === "/whole") answerWhole(request, response).catch(() => response.destroy());
    else if (request.url === "/break") response.write("half", () => response.destroy());
    else response.writeHead(404).end();
  });
  const io = new Server(http, { pingInterval: 2000, pingTimeout: 120_000, serveClient: false });
  announceSids(io);
  io.on("connection", (socket) => {
    socket.emit("hello", name);
    socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
  });
  const connections = new Set<Socket>();
  http.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  await new Promise<void>((listening) => http.listen(port, host, listening));
  const crash = async () => {
    const closed = new Promise((done) => http.close(done));
    for (const connection of connections) connection.destroy();
    io.engine.close();
    await closed;
  };
  const setReady = (value: boolean) => {
    ready = value;
  };
  return { name, host, port: (http.address() as AddressInfo).port, io, setReady, crash };
}

/** The bytes that were sent, once they are there. */
async function answerWhole(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end(Buffer.concat(await request.toArray()));
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
