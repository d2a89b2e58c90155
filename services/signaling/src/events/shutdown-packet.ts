import { packetOf } from "@switchyard/dialects";
import type { Speech } from "./speech.ts";

const message = "This server is stopping.";

/**
 * That this node stops (JSON array text): in the words of the dialect that is spoken, or in those of all five if none is yet.
 * `undefined` where the dialect is silent.
 */
export function shutdownPacket(speech: Speech | undefined): string | undefined {
  if (!speech) return JSON.stringify(["server-shutdown", { message }]);
  return packetOf(speech.dialect, { type: "shutdown", message });
}
