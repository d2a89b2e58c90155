import type { Restored } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/** A session that was taken over, with what its client has missed. */
export interface Resumption {
  readonly session: LocalSession;
  readonly restored: Restored;
}
