import type { CallView } from "./peer-call.ts";

/** What keeps a participant from being seen and heard, or null. */
export function waitingText(view: CallView | undefined): string | null {
  if (view?.state === "connected") return null;
  if (view?.state === "failed") return "No connection";
  return view?.state === "restarting" ? "Interrupted, trying again…" : "Connecting…";
}
