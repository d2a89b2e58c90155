import type { IncomingMessage } from "node:http";
import type { Logger } from "@switchyard/runtime";
import type { Server } from "socket.io";
import type { Metrics } from "../telemetry/metrics.ts";
import { RepeatedErrors } from "../telemetry/repeated-errors.ts";

/** The response header of a handshake by which a reverse proxy learns which node has which Engine.IO session. */
const SID_HEADER = "x-engine-sid";
/** The one by which a client learns it: load testers measure each node by itself. `/health` says it too. */
const NODE_HEADER = "x-node-id";

/** Puts the ids of every new Engine.IO session and of this node into its handshake's response, for reverse proxies that keep it here. */
export function announceSid(engine: Server["engine"], node: string): void {
  const ids = new WeakMap<IncomingMessage, string>();
  const generate = engine.generateId.bind(engine);
  engine.generateId = async (request: IncomingMessage) => {
    const id = await generate(request);
    ids.set(request, id);
    return id;
  };
  engine.on("initial_headers", (headers: Record<string, string>, request: IncomingMessage) => {
    const id = ids.get(request);
    if (id !== undefined) headers[SID_HEADER] = id;
    headers[NODE_HEADER] = node;
  });
}

/** Engine.IO's error codes, in their order. */
const reasons = [
  "unknown_transport",
  "unknown_sid",
  "bad_handshake_method",
  "bad_request",
  "forbidden",
  "unsupported_protocol",
] as const;

/** Engine.IO's code for a client of another version of its protocol. */
export const UNSUPPORTED_PROTOCOL = reasons.indexOf("unsupported_protocol");
/** Clients come again and again: for so long the log says it once. */
const OLD_CLIENTS_SAID_EVERY_MS = 60_000;

/**
 * Counts the transport's requests that can't be served; those with an unknown sid have come to the wrong node, or too late. That a client
 * is too old is logged too, since nobody but its developer can mend it.
 */
export function countTransportErrors(engine: Server["engine"], metrics: Metrics, logger: Logger): void {
  const oldClients = new RepeatedErrors(OLD_CLIENTS_SAID_EVERY_MS);
  for (const reason of reasons) metrics.transportRefusals.inc({ reason }, 0);
  engine.on("connection_error", ({ code }: { readonly code: number }) => {
    metrics.transportRefusals.inc({ reason: reasons[code] ?? "other" });
    const unsaid = code === UNSUPPORTED_PROTOCOL ? oldClients.notice(code, performance.now()) : undefined;
    if (unsaid !== undefined)
      logger.warn({ unsaid }, "a client of Socket.IO 1 or 2 was refused: version 3 or 4 is needed");
  });
}
