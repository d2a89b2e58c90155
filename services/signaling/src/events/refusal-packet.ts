import { errorEvent, packetOf } from "@switchyard/dialects";
import type { ErrorBody } from "@switchyard/protocol";
import type { Speech } from "./speech.ts";

/** A refusal as an event (JSON array text), in the words of the dialect that is spoken, if one is. */
export function refusalPacket(speech: Speech | undefined, error: ErrorBody): string {
  const said = speech && packetOf(speech.dialect, { type: "refused", error });
  return said ?? JSON.stringify(errorEvent(error));
}

const message = "This server is stopping.";

/**
 * That this node stops (JSON array text): in the words of the dialect that is spoken, or in those of all five if none is yet.
 * `undefined` where the dialect is silent.
 */
export function shutdownPacket(speech: Speech | undefined): string | undefined {
  if (!speech) return JSON.stringify(["server-shutdown", { message }]);
  return packetOf(speech.dialect, { type: "shutdown", message });
}
