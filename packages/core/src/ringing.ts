import type { SessionId } from "@switchyard/protocol";

/** Stands in a session's line to a user for all connections of that user: it rings them, and none has answered yet. */
export const RINGING: SessionId = "*";
