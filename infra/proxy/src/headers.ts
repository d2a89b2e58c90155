import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"];
/** `Expect` is answered here already. */
const NOT_SENT_ON = [...HOP_BY_HOP, "expect"];
/** A body's framing is Node's own business on each side. */
const NOT_SENT_BACK = [...HOP_BY_HOP, "transfer-encoding"];

/** Headers that a client must not remove by naming them in `Connection`: the framing of a body, and the client's address and host. */
const NEVER_FOR_ONE_CONNECTION = new Set([
  "content-length",
  "transfer-encoding",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** Each answer names this proxy, so that a second start can recognise it. */
export const VIA = "1.1 switchyard";

/**
 * The headers that a node receives: the client's own, less those for this connection only, and where the client came from.
 */
export function headersForNode(request: IncomingMessage): OutgoingHttpHeaders {
  const dropped = new Set([...NOT_SENT_ON, ...namedByConnection(request)]);
  const kept = Object.entries(request.headersDistinct).filter(([name]) => !dropped.has(name));
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    kept.map(([name, values = []]) => [name, values.length === 1 ? values[0] : values]),
  );
  const earlier = request.headers["x-forwarded-for"];
  const address = clientAddress(request);
  headers["x-forwarded-for"] = earlier === undefined ? address : `${earlier}, ${address}`;
  headers["x-forwarded-proto"] ??= "http";
  if (request.headers.host !== undefined) headers["x-forwarded-host"] ??= request.headers.host;
  return headers;
}

/** The headers that a client receives, as name and value in turn: names in their own spelling, repeated ones repeated. */
export function headersForClient(response: IncomingMessage): string[] {
  const dropped = new Set([...NOT_SENT_BACK, ...namedByConnection(response)]);
  const headers: string[] = [];
  const raw = response.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name, value] = raw.slice(at, at + 2);
    if (name !== undefined && value !== undefined && !dropped.has(name.toLowerCase())) headers.push(name, value);
  }
  headers.push("Via", VIA);
  return headers;
}

/** Further headers that are for this connection only (RFC 9110, 7.6.1). */
function namedByConnection(message: IncomingMessage): string[] {
  const names = message.headers.connection?.split(",") ?? [];
  return names.map((name) => name.trim().toLowerCase()).filter((name) => !NEVER_FOR_ONE_CONNECTION.has(name));
}

function clientAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "unknown").replace(/^::ffff:/, "");
}
