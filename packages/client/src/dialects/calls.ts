import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/calls";
import type { Dialect } from "../dialect.ts";

export type { ClientToServerEvents, ServerToClientEvents };

/** The options of `connect` for calls, besides those of all dialects. */
export interface CallsOptions {
  /** The own user. */
  userId: string;
  /** The name that others see. */
  userName: string;
  /** Since when the user is there, as others are shown it. */
  joinedAt?: string | number | undefined;
}

/** Online users and group calls. */
export const calls: Dialect<ClientToServerEvents, ServerToClientEvents, CallsOptions> = {
  name: "calls",
  opening: ["user-joined"],
  opened: ({ userId: id, userName: username, joinedAt }) => ({
    event: "user-joined",
    content: { id, username, joinedAt },
  }),
  leaving: [],
  returning: [],
  left: [],
  signals: {
    to: "targetUserId",
    from: "fromUserId",
    room: "callId",
    sent: { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" },
    received: { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" },
  },
};
