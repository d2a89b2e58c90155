import { errorEvent, renderText } from "@switchyard/dialects";
import type { CoreEventOf, ErrorBody } from "@switchyard/protocol";
import type { DialectRuntime } from "./dialect-registry.ts";

/** A refusal as an event (JSON array text), in the words of the dialect that is spoken, if one is. */
export function errorPacket(
  runtime: DialectRuntime | undefined,
  error: ErrorBody,
  request?: CoreEventOf<"refused">["request"],
): string {
  const rendered = runtime && renderText(runtime.dialect, { type: "refused", error, ...(request && { request }) });
  return rendered ?? JSON.stringify(errorEvent(error));
}

const STOPPING = "This server is stopping.";

/**
 * That this node stops (JSON array text): in the words of the dialect that is spoken, or in those of all dialects if none is yet.
 * `undefined` where the dialect is silent.
 */
export function shutdownPacket(runtime: DialectRuntime | undefined): string | undefined {
  if (!runtime) return JSON.stringify(["server-shutdown", { message: STOPPING }]);
  return renderText(runtime.dialect, { type: "shutdown", message: STOPPING });
}
