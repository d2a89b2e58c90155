import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/rooms";
import type { Dialect } from "../dialect.ts";

export type { ClientToServerEvents, ServerToClientEvents };

/** The options of `connect` for meetings, besides those of all dialects. */
export interface RoomsOptions {
  /** The meeting. */
  roomId: string;
  /** The name that others see. */
  userName: string;
}

/** Meetings with chat, media state and screen share. */
export const rooms: Dialect<ClientToServerEvents, ServerToClientEvents, RoomsOptions> = {
  name: "rooms",
  opening: ["join-room"],
  opened: ({ roomId, userName }) => ({ event: "join-room", content: { roomId, userName } }),
  leaving: ["leave-room"],
  returning: [],
  left: [],
  signals: {
    to: "targetId",
    from: "senderId",
    sent: { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" },
    received: { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" },
  },
};
