import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/random";
import type { Dialect } from "../dialect.ts";

export type { ClientToServerEvents, ServerToClientEvents };

type Join = Parameters<ClientToServerEvents["join"]>[0];

/** The options of `connect` for random partners, besides those of all dialects. */
export interface RandomOptions {
  /** The own user. */
  userId: string;
  /** The purpose of a meeting. Without it nobody is waited for until the command `join`. */
  type?: Join["type"] | undefined;
  preferences?: Join["preferences"];
  /** Whether own messages come as `new_message`, too. */
  echo?: boolean | undefined;
}

/** An anonymous partner, text or video. */
export const random: Dialect<ClientToServerEvents, ServerToClientEvents, RandomOptions> = {
  name: "random",
  opening: ["join", "join_video_queue"],
  opened: ({ userId, type, preferences }) => type && { event: "join", content: { userId, type, preferences } },
  leaving: ["leave_room", "leave_video", "leave_queue", "block_user", "report_user"],
  returning: ["next", "next_partner"],
  left: ["partner_disconnected"],
  auth: ({ echo }) => ({ echo: echo === true }),
  signals: {
    room: "roomId",
    sent: { offer: "offer", answer: "answer", candidate: "ice_candidate" },
    received: { offer: "offer", answer: "answer", candidate: "ice_candidate" },
  },
};
