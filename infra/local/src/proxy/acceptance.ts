import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refuse.ts";
import { pathOf } from "./target.ts";

/** A name or address, with a port or without (RFC 9110, 7.2); it may be empty. */
const HOST = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i;

/**
 * Why a request can't be passed on, although Node's parser let it through. It decides before anything is sent, so that
 * what a node is sent never depends on how something doubtful is read.
 */
export function problemOf(request: IncomingMessage): Refusal | undefined {
  const { host: hosts = [], "transfer-encoding": codings = [] } = request.headersDistinct;
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion !== "1.0")) return "bad_request"; // RFC 9112, 3.2
  if (!HOST.test(hosts[0] ?? "") || pathOf(request.url ?? "") === undefined) return "bad_request";
  if (codings.length > 0 && codings.join().toLowerCase() !== "chunked") return "unknown_coding"; // RFC 9112, 6.1
  return undefined;
}

/** The same for a request to speak WebSocket: a GET without a body (RFC 6455, 4.1). */
export function problemOfUpgrade(request: IncomingMessage): Refusal | undefined {
  const { "content-length": lengths = [], "transfer-encoding": codings = [] } = request.headersDistinct;
  const hasBody = codings.length > 0 || lengths.some((length) => Number(length) !== 0);
  return hasBody || request.method !== "GET" ? "bad_request" : problemOf(request);
}
