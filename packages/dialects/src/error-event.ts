import type { Refusal } from "@switchyard/protocol";
import type { WireEvent } from "./dialect.ts";

/** A refusal as all five dialects say it: `error` `{ type, message, retryAfterMs? }`. */
export function errorEvent({ code, message, retryAfterMs }: Refusal): WireEvent {
  return ["error", { type: code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }];
}
