import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/chat";
import type { Token } from "../access-token.ts";
import type { Dialect } from "../dialect.ts";

export type { ClientToServerEvents, ServerToClientEvents };

/** The options of `connect` for the chatroom, besides those of all dialects. */
export interface ChatOptions {
  /** Here a token opens the connection: it says who the user is. */
  token: Token;
}

/** Accounts, one chatroom, and 1:1 calls by username. */
export const chat: Dialect<ClientToServerEvents, ServerToClientEvents, ChatOptions> = {
  name: "chat",
  opening: [],
  opened: () => undefined,
  leaving: [],
  returning: [],
  left: [],
  signals: {
    to: "to",
    from: "from",
    sent: { offer: "call_user", answer: "call_answer", candidate: "ice_candidate" },
    received: { offer: "incoming_call", answer: "call_answered", candidate: "ice_candidate" },
  },
};
