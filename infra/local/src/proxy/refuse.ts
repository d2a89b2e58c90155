import type { ServerResponse } from "node:http";
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
  const retry = status === 503 ? { "Retry-After": "1" } : {};
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    Via: VIA,
    ...retry,
  });
  response.end(body);
}
