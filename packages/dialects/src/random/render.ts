import { pairing, population } from "@switchyard/core";
import { errorEvent } from "../common-events.ts";
import type { Rendering } from "../dialect.ts";

/** The features that it uses: it renders their events. */
export const features = [pairing, population] as const;

/** How `random` says things. */
export const render: Rendering<typeof features> = {
  waiting: ({ position, estimatedWaitMs }) => ["waiting_for_partner", { position, estimatedWaitMs }],
  paired: ({ room, partner, queue, initiator, sharedInterests, isRepeat }) => [
    "partner_found",
    { roomId: room, partnerId: partner, type: queue, initiator, sharedInterests, isRepeatConnection: isRepeat },
  ],
  "partner-left": () => ["partner_disconnected", {}],
  said: ({ message: { id, text, user, at } }) => [
    "new_message",
    { id, text, sender: user, timestamp: new Date(at).toISOString(), type: "message" },
  ],
  removed: ({ id }) => ["message_removed", { id }],
  typing: ({ isTyping }) => ["user_typing", { isTyping }],
  signal: ({ kind, body }) => [kind === "candidate" ? "ice_candidate" : kind, { [kind]: body }],
  population: ({ count }) => ["user_count_update", { count }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};
