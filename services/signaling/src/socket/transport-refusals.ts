import type { Server } from "socket.io";
import type { Metrics } from "../telemetry/metrics.ts";

/** Engine.IO's error codes, in their order. */
const reasons = [
  "unknown_transport",
  "unknown_sid",
  "bad_handshake_method",
  "bad_request",
  "forbidden",
  "unsupported_protocol",
] as const;

/** Counts the transport's requests that can't be served; those with an unknown sid have come to the wrong node, or too late. */
export function countTransportRefusals(engine: Server["engine"], metrics: Metrics): void {
  for (const reason of reasons) metrics.transportRefusals.inc({ reason }, 0);
  engine.on("connection_error", ({ code }: { readonly code: number }) =>
    metrics.transportRefusals.inc({ reason: reasons[code] ?? "other" }),
  );
}
