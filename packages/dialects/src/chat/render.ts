import { calls, chatroom } from "@switchyard/core";
import type { ChatMessage } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";
import type { ChatMessagePayload } from "./events.ts";

const signals = { offer: "incoming_call", answer: "call_answered", candidate: "ice_candidate" } as const;

/** The features that it uses: it renders their events. */
export const features = [calls, chatroom] as const;

/** How `chat` says things. */
export const render: Rendering<typeof features> = {
  said: ({ message }) => ["new_message", messageOf(message)],
  removed: ({ id }) => ["message_removed", { id }],
  "call-step": ({ from, step }): WireEvent => {
    if (step !== "end") throw new TypeError(`chat has no call step "${step}"`);
    return ["call_ended", { from }];
  },
  "answered-elsewhere": ({ from }) => ["call_answered_elsewhere", { from }],
  names: ({ names, total }) => ["online_users", names, { total }],
  history: ({ messages }) => ["message_history", messages.map(messageOf)],
  signal: ({ from, kind, body }) => [signals[kind], { from, [kind]: body }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};

/** A message as clients receive it. */
export function messageOf({ id, user, text, at }: ChatMessage): ChatMessagePayload {
  return { id, username: user, text, timestamp: new Date(at).toISOString() };
}
