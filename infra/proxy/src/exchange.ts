import { type IncomingMessage, request as openRequest, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import type { Backend } from "./backend.ts";
import { headersForClient, headersForNode } from "./headers.ts";
import { pathOf, refuse } from "./refuse.ts";

/** How long a client may take to notice that its connection was closed. */
const LINGER_MS = 10_000;
const KEEP_ALIVE_PROBE_MS = 30_000;
/** How long a node may take where another one can be tried: a frozen one's kernel accepts, and nothing ever answers. */
const TAKE_MS = 2000;

/** After so many beats without a byte a WebSocket's node counts as dead. */
const BEATS = 12;
const UPGRADE = { Connection: "Upgrade", Upgrade: "websocket" } as const;
/** Why a request to a node is given up: it was silent for too long, or for too long where another one can be tried. */
const SILENT = new Error("silent");
const OVERDUE = new Error("overdue");

/** A request of a client: for an answer, or to speak WebSocket. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** For a WebSocket: the bytes that the client has already sent after its request. */
  readonly head?: Buffer;
  /** How long a node may be silent. */
  readonly timeoutMs: number;
  /** Whether it may be sent to a second node, though a first one may have read it: it has no body, and changes nothing. */
  readonly isRepeatable: boolean;
}

/**
 * `refused`: the node could not be reached and nothing was sent, or it gave no answer to what may be repeated; so another
 * may be tried. `over`: anything else.
 */
export type Outcome = "over" | "refused";

/**
 * Passes a request to a node and its answer back, both as they come, or a WebSocket's handshake and then bytes both ways;
 * ends when all is through.
 * @param isLast whether there is no other node that could be tried
 * @param onAnswer called with the node's answer before it is passed on
 */
export function passOn(
  { request, response, head, timeoutMs, isRepeatable }: Exchange,
  { backend, isLast }: { readonly backend: Backend; readonly isLast: boolean },
  onAnswer: (answer: IncomingMessage) => void,
): Promise<Outcome> {
  return new Promise((settle) => {
    const over = () => settle("over");
    let sent = false;
    let answered = false;
    const { host, port } = backend.address;
    const upgrade = head === undefined ? {} : UPGRADE;
    const toNode = openRequest({
      host,
      port,
      method: request.method,
      path: pathOf(request.url ?? ""),
      headers: { ...headersForNode(request), ...upgrade },
      agent: head === undefined ? backend.agent : false,
      timeout: timeoutMs,
    });
    const giveUp = () => {
      if (!answered && (isRepeatable || !sent)) toNode.destroy(OVERDUE);
    };
    // what has arrived while this process stood still is read before the limit counts
    const limit = isLast ? undefined : setTimeout(() => setImmediate(giveUp), TAKE_MS);
    toNode.once("close", () => clearTimeout(limit));
    const clientGone = () => toNode.destroy();
    response.once("close", clientGone);
    toNode.once("socket", (socket) => {
      // nothing is read from the client before the node has taken the connection: so another node can still be tried
      const send = () => {
        sent = true;
        if (!isRepeatable && head === undefined) return void request.pipe(toNode);
        if (head === undefined) request.resume();
        toNode.end();
      };
      if (socket.connecting) socket.once("connect", send);
      else send();
    });
    toNode.once("timeout", () => toNode.destroy(SILENT));
    toNode.once("response", (answer) => {
      answered = true;
      onAnswer(answer);
      if (response.destroyed) {
        answer.destroy();
        return over();
      }
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersForClient(answer));
      response.flushHeaders();
      pipeline(answer, response, () => {
        if (!toNode.writableFinished) {
          request.unpipe(toNode).resume(); // of a body that the node refused the rest is for nobody
          toNode.destroy();
        }
        over();
      });
    });
    if (head !== undefined)
      toNode.once("upgrade", (answer, node: Socket, nodeHead) => {
        const client = request.socket;
        answered = true;
        response.off("close", clientGone);
        node.on("error", () => {}); // its "close" says so
        if (!isOpen(client) || !isOpen(node)) {
          for (const socket of [node, client]) socket.destroy();
          return over();
        }
        response.writeHead(101, [...headersForClient(answer), ...Object.entries(UPGRADE).flat()]).flushHeaders();
        response.detachSocket(client);
        node.unshift(nodeHead);
        client.unshift(head);
        join(client, node, over);
        watchSilence(node, timeoutMs);
      });
    toNode.on("error", (error) => {
      if (answered) return; // the pipeline sees it too
      response.off("close", clientGone);
      if ((!sent || error === OVERDUE) && !response.destroyed) return settle("refused");
      refuse(response, error === SILENT ? "node_silent" : "node_gone");
      over();
    });
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

/**
 * Breaks a tunnel's connection to a node that has been silent for `timeoutMs`: one that is frozen, or whose machine is
 * gone, closes nothing. Beats are counted, and not the time: while this process itself stands still none passes. A node
 * whose bytes the client does not take is not silent.
 */
function watchSilence(node: Socket, timeoutMs: number): void {
  let beats = 0;
  const beat = () => {
    beats = node.isPaused() ? 0 : beats + 1;
    if (beats > BEATS) node.destroy();
  };
  const timer = setInterval(beat, timeoutMs / BEATS).unref();
  node.on("data", () => {
    beats = 0;
  });
  node.once("close", () => clearInterval(timer));
}
