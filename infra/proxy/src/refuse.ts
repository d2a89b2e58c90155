import type { IncomingMessage, ServerResponse } from "node:http";
import { VIA } from "./headers.ts";

/** Why the reverse proxy itself answers, and with which status. After `doubtful` ones nothing more is read. */
const refusals = {
  bad_request: { status: 400, error: "This is not a request that HTTP/1.1 allows here.", doubtful: true },
  unknown_coding: { status: 501, error: "Of all transfer codings only `chunked` is known here.", doubtful: true },
  unavailable: { status: 503, error: "No signaling node can take this request now." },
  node_gone: { status: 502, error: "The node that held this connection is gone: connect again." },
  node_silent: { status: 504, error: "The node did not answer in time." },
} as const;

export type Refusal = keyof typeof refusals;

/** A name or address, with a port or without (RFC 9110, 7.2); it may be empty. */
const HOST = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i;
const ABSOLUTE = /^https?:\/\/[^/?#]+/i;

/**
 * Why a request can't be passed on, although Node's parser let it through. It decides before anything is sent, so that
 * what a node is sent never depends on how something doubtful is read. A request to speak WebSocket is a GET without a
 * body (RFC 6455, 4.1).
 */
export function problemOf(request: IncomingMessage, isUpgrade: boolean): Refusal | undefined {
  const { host: hosts = [], "transfer-encoding": codings = [] } = request.headersDistinct;
  if (isUpgrade && (hasBody(request) || request.method !== "GET")) return "bad_request";
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion !== "1.0")) return "bad_request"; // RFC 9112, 3.2
  if (!HOST.test(hosts[0] ?? "") || pathOf(request.url ?? "") === undefined) return "bad_request";
  if (codings.length > 0 && codings.join().toLowerCase() !== "chunked") return "unknown_coding"; // RFC 9112, 6.1
  return undefined;
}

export function hasBody({ headersDistinct }: IncomingMessage): boolean {
  const { "transfer-encoding": codings = [], "content-length": lengths = [] } = headersDistinct;
  return codings.length > 0 || lengths.some((length) => Number(length) !== 0);
}

/**
 * The path and query that a request asks for, out of its target in origin or absolute form (RFC 9112, 3.2).
 * @returns `undefined` for any other form
 */
export function pathOf(target: string): string | undefined {
  if (target.startsWith("/")) return target;
  const [origin] = ABSOLUTE.exec(target) ?? [];
  return origin === undefined ? undefined : target.slice(origin.length).replace(/^(?!\/)/, "/");
}

/**
 * Answers in the place of a node; when an answer is under way already, cuts it off, since half of one must not pass for
 * whole.
 */
export function refuse(response: ServerResponse, code: Refusal): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, error, ...more } = refusals[code];
  if ("doubtful" in more) response.shouldKeepAlive = false;
  const body = JSON.stringify({ error, code });
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    Via: VIA,
    ...(status === 503 && { "Retry-After": "1" }),
  });
  response.end(body);
}
