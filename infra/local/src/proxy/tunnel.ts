import { type IncomingMessage, request as openRequest, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import type { Backend } from "./backend.ts";
import type { Outcome } from "./forward.ts";
import { headersForClient, headersForNode } from "./headers.ts";
import { refuse } from "./refuse.ts";
import { pathOf } from "./target.ts";

/** How long a client may take to notice that its connection was closed. */
const LINGER_MS = 10_000;
const KEEP_ALIVE_PROBE_MS = 30_000;

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** The bytes that the client has already sent after its request. */
  readonly head: Buffer;
  /** How long a node may take to answer. */
  readonly timeoutMs: number;
}

/** Passes a WebSocket's handshake to a node, and then bytes both ways; ends when the connection is closed. */
export function tunnel({ request, socket, head, timeoutMs }: Upgrade, backend: Backend): Promise<Outcome> {
  return new Promise((settle) => {
    let reached = false;
    let answered = false;
    const { host, port } = backend.address;
    const headers = { ...headersForNode(request), connection: "Upgrade", upgrade: "websocket" };
    const path = pathOf(request.url ?? "");
    const toNode = openRequest({ host, port, path, headers, agent: false, timeout: timeoutMs });
    const clientGone = () => toNode.destroy();
    socket.once("close", clientGone);
    toNode.once("socket", (nodeSocket) => nodeSocket.once("connect", () => (reached = true)));
    toNode.once("timeout", () => toNode.destroy(new Error("silent")));
    toNode.once("upgrade", (answer, nodeSocket: Socket, nodeHead) => {
      nodeSocket.on("error", () => {}); // its "close" says so
      socket.off("close", clientGone);
      if (!isOpen(socket) || !isOpen(nodeSocket)) {
        nodeSocket.destroy();
        socket.destroy();
        settle("over");
        return;
      }
      socket.write(handshakeAnswer(answer));
      if (nodeHead.length > 0) nodeSocket.unshift(nodeHead);
      if (head.length > 0) socket.unshift(head);
      join(socket, nodeSocket, () => settle("over"));
    });
    toNode.once("response", (answer) => {
      answered = true;
      if (socket.destroyed) {
        answer.destroy();
        settle("over");
        return;
      }
      const response = responseOn(socket, request);
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersForClient(answer));
      pipeline(answer, response, () => settle("over"));
    });
    toNode.on("error", () => {
      if (answered) return; // the pipeline sees it too
      socket.off("close", clientGone);
      if (!reached && !socket.destroyed) return settle("refused");
      refuse(responseOn(socket, request), "node_gone");
      settle("over");
    });
    toNode.end();
  });
}

/** An ordinary HTTP answer on a socket that asked for an upgrade; the socket is closed after it. */
export function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.destroySoon();
  });
  return response;
}

function handshakeAnswer(answer: IncomingMessage): string {
  const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"];
  const headers = headersForClient(answer);
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** A pipe can't be laid from or to a socket that one side has left while the node was being asked. */
function isOpen(socket: Socket): boolean {
  return !socket.destroyed && !socket.readableEnded && socket.writable;
}

/**
 * Bytes both ways until both sides have ended, or one has failed: a side that only ended its own half may still be sent
 * to.
 */
function join(client: Socket, node: Socket, done: () => void): void {
  for (const socket of [client, node]) {
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  }
  node.once("close", () => client.setTimeout(LINGER_MS, () => client.destroy()));
  pipeline(client, node, client, () => {
    node.destroy();
    client.destroySoon();
    done();
  });
}
