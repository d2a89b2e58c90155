import type { IncomingMessage } from "node:http";
import type { Trust } from "../limits/client-address.ts";

/** The origins whose pages may connect and read answers, besides pages that came from here; `*`: all. */
export type Origins = readonly string[] | "*";

/** The options of CORS for HTTP and Socket.IO alike. Credentials only for origins that are named. */
export function corsOptions(origins: Origins): { origin: string[] | "*"; credentials: boolean } {
  return origins === "*" ? { origin: "*", credentials: false } : { origin: [...origins], credentials: true };
}

/**
 * Whether a page of the request's origin may open a connection. Browsers don't ask before they open a WebSocket, so CORS alone does not
 * keep other pages out. A client that names no origin is no page.
 */
export function mayConnect(request: IncomingMessage, origins: Origins, trust: Trust): boolean {
  const { origin } = request.headers;
  if (origin === undefined || origins === "*" || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === hostOf(request, trust)?.toLowerCase();
}

/** The host that the client asked for, which a trusted proxy may have to name. */
function hostOf({ headers, socket }: IncomingMessage, trust: Trust): string | undefined {
  const forwarded = headers["x-forwarded-host"];
  const isForwarded = typeof forwarded === "string" && trust(socket.remoteAddress ?? "", 0);
  return isForwarded ? forwarded.split(",").at(-1)?.trim() : headers.host;
}
