import type { MeshState } from "@switchyard/client/call";
import type { Participant, RoomMessage } from "@switchyard/client-types/rooms";
import type { Conversation, WritingEvent } from "../../shared/chat/conversation.ts";
import { newVisit, type Visit, type VisitEvent } from "../../shared/visit.ts";

export interface Place {
  roomId: string;
  userName: string;
}

export interface Meeting {
  place: Place;
  /** `asking`: waiting for the own camera; `entering`: waiting for the server. */
  stage: "asking" | "entering" | "in";
  /** This person's participant id, which is the socket id; null until the server has sent it. */
  participantId: string | null;
  /** All that the person has been in this meeting: what these have said is the person's own. */
  ownIds: readonly string[];
  /** This person among them. */
  participants: readonly Participant[];
  /** By participant id. */
  views: MeshState["calls"];
  lines: Conversation;
}

export interface RoomsState extends Visit {
  meeting: Meeting | null;
}

export interface Welcome {
  participantId: string;
  participants: readonly Participant[];
  messages: readonly RoomMessage[];
}

export type RoomsEvent =
  | VisitEvent
  | WritingEvent
  | { type: "wanted"; place: Place }
  | { type: "entering" }
  | { type: "welcomed"; welcome: Welcome }
  | { type: "participant-came"; participant: Participant }
  | { type: "participant-went"; participantId: string }
  | { type: "participants"; participants: readonly Participant[] }
  | { type: "said"; message: RoomMessage }
  | { type: "calls-changed"; views: MeshState["calls"] }
  | { type: "left"; notice: string | null };

export const initialState: RoomsState = { ...newVisit, meeting: null };
