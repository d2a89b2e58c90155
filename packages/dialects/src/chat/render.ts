import type { ChatMessage } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";
import type { ChatMessagePayload } from "./events.ts";

const signals = { offer: "incoming_call", answer: "call_answered", candidate: "ice_candidate" } as const;

/** How `chat` says things. */
export const render: Rendering = {
  waiting: null,
  paired: null,
  "partner-left": null,
  said: ({ message }) => ["new_message", messageOf(message)],
  typing: null,
  welcomed: null,
  entered: null,
  left: null,
  roster: null,
  flagged: null,
  departed: null,
  "call-step": ({ from, step }): WireEvent => {
    if (step !== "end") throw new TypeError(`chat has no call step "${step}"`);
    return ["call_ended", { from }];
  },
  invited: null,
  "answered-elsewhere": ({ from }) => ["call_answered_elsewhere", { from }],
  came: null,
  went: null,
  online: null,
  names: ({ names, total }) => ["online_users", names, { total }],
  history: ({ messages }) => ["message_history", messages.map(messageOf)],
  signal: ({ from, kind, body }) => [signals[kind], { from, [kind]: body }],
  population: null,
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};

/** A message as clients are told of it. */
export function messageOf({ id, user, text, at }: ChatMessage): ChatMessagePayload {
  return { id, username: user, text, timestamp: new Date(at).toISOString() };
}
