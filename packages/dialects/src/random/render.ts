import { errorEvent } from "../common-events.ts";
import type { Rendering } from "../dialect.ts";

/** How `random` says things. */
export const render: Rendering = {
  waiting: ({ position, estimatedWaitMs }) => ["waiting_for_partner", { position, estimatedWaitMs }],
  paired: ({ room, partner, queue, initiator, sharedInterests }) => [
    "partner_found",
    { roomId: room, partnerId: partner, type: queue, initiator, sharedInterests },
  ],
  "partner-left": () => ["partner_disconnected", {}],
  said: ({ message: { id, text, user, at } }) => [
    "new_message",
    { id, text, sender: user, timestamp: new Date(at).toISOString(), type: "text" },
  ],
  typing: ({ isTyping }) => ["user_typing", { isTyping }],
  signal: ({ kind, body }) => [kind === "candidate" ? "ice_candidate" : kind, { [kind]: body }],
  welcomed: null,
  entered: null,
  left: null,
  roster: null,
  flagged: null,
  departed: null,
  "call-step": null,
  invited: null,
  "answered-elsewhere": null,
  came: null,
  went: null,
  online: null,
  names: null,
  history: null,
  population: ({ count }) => ["user_count_update", { count }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};
