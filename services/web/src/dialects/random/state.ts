import type { CallState } from "@switchyard/client/call";
import type { ClientToServerEvents, ServerToClientEvents } from "@switchyard/client-types/random";
import { noCall } from "../../shared/call/call-keeper.ts";
import type { Conversation, WritingEvent } from "../../shared/chat/conversation.ts";
import { newVisit, type Visit, type VisitEvent } from "../../shared/visit.ts";
import type { Preferences } from "./preferences.ts";

export type ChatType = Content<ClientToServerEvents["join"]>["type"];
export type PartnerFound = Content<ServerToClientEvents["partner_found"]>;

type Content<Event extends (content: never, ...further: never[]) => void> = Parameters<Event>[0];

export interface Choice {
  type: ChatType;
  preferences: Preferences;
}

export interface Room {
  id: string;
  type: ChatType;
  initiator: boolean;
  sharedInterests: readonly string[];
  lines: Conversation;
  partnerTyping: boolean;
}

/** Where the person is. `camera`: has chosen video and is being asked for the camera, not queued yet. */
export type Phase =
  | { name: "start" }
  | { name: "camera" }
  | { name: "waiting"; position: number | null; estimatedWaitMs: number | null }
  | { name: "room"; room: Room }
  | { name: "ended"; room: Room; why: "partner-left" | "blocked" }
  | { name: "replaced" };

export interface RandomState extends Visit {
  userId: string;
  phase: Phase;
  choice: Choice | null;
  /** Whether the server knows the choice, so that `next` is enough to queue again. */
  joined: boolean;
  call: CallState;
  /** People connected in this dialect. */
  count: number | null;
  /** The room whose partner can be reported: the one of now, or the last one. */
  reportable: string | null;
  /** Escape was pressed once in a room. */
  nextArmed: boolean;
}

export type RandomEvent =
  | VisitEvent
  | WritingEvent
  | { type: "chosen"; choice: Choice }
  | { type: "camera-answered" }
  | { type: "call-changed"; roomId: string; call: CallState }
  | { type: "joined" }
  | { type: "asked-next" }
  | { type: "armed-next"; armed: boolean }
  | { type: "left"; notice: string | null }
  | { type: "blocked" }
  | { type: "reported"; roomId: string }
  | { type: "waiting_for_partner"; position: number | null; estimatedWaitMs: number | null }
  | { type: "partner_found"; found: PartnerFound }
  | { type: "partner_disconnected" }
  | { type: "new_message"; message: Content<ServerToClientEvents["new_message"]> }
  | { type: "user_typing"; isTyping: boolean }
  | { type: "user_count_update"; count: number }
  | { type: "error"; error: Content<ServerToClientEvents["error"]>; text: string };

export function initialState(userId: string): RandomState {
  return {
    ...newVisit,
    userId,
    phase: { name: "start" },
    choice: null,
    joined: false,
    call: noCall,
    count: null,
    reportable: null,
    nextArmed: false,
  };
}

/** The room the person is in now, if any. */
export function currentRoom({ phase }: RandomState): Room | null {
  return phase.name === "room" ? phase.room : null;
}

/** Whether the server should know this person as waiting or talking. */
export function takesPart({ phase }: RandomState): boolean {
  return phase.name === "waiting" || phase.name === "room";
}
