import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/match";
import type { Dialect } from "../dialect.ts";

export type { ClientToServerEvents, ServerToClientEvents };

/** The options of `connect` for a match, besides those of all dialects. */
export interface MatchOptions {
  /** The own user. */
  userId: string;
  /** Both of the two know it. */
  matchId: string;
}

/** 1:1 calls in a known match. */
export const match: Dialect<ClientToServerEvents, ServerToClientEvents, MatchOptions> = {
  name: "match",
  opening: ["register"],
  opened: ({ userId, matchId }) => ({ event: "register", content: { userId, matchId } }),
  leaving: [],
  returning: [],
  left: [],
  signals: {
    to: "to",
    from: "from",
    sent: { offer: "offer", answer: "answer", candidate: "ice-candidate" },
    received: { offer: "offer", answer: "answer", candidate: "ice-candidate" },
  },
};
