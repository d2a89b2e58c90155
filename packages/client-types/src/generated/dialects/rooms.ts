// Generated from packages/dialects/src/rooms/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** Fields of the acknowledgement of `send-message` besides `ok: true`. */
export interface SendMessageAnswer {
  /** The message's id, the same for everyone. */
  id: string;
}

/** Fields of the acknowledgement of `report_user` besides `ok: true`. */
export interface ReportUserAnswer {
  /** The report's id, by which operators find it; the same for a repetition. */
  reportId: string;
}

/** An id or a name: opaque, without control characters. */
export type Id = string;

/** A name; of one that is longer the first 64 characters are shown. */
export type DisplayName = Id;

/** The sender's room, if it is named. */
export interface InRoom {
  roomId?: Id | undefined;
}

/** The id of a participant. */
export type Target = {
  targetId: Id;
  /** The same as `targetId`. */
  targetSocketId?: Id | undefined;
} | {
  targetId?: Id | undefined;
  /** The same as `targetId`. */
  targetSocketId: Id;
};

/** Whether the sender is muted. */
export type AudioState = {
  isAudioMuted: boolean;
  /** The opposite of `isAudioMuted`. */
  isAudioEnabled?: boolean | undefined;
} | {
  isAudioMuted?: boolean | undefined;
  /** The opposite of `isAudioMuted`. */
  isAudioEnabled: boolean;
};

/** Whether the sender's camera is off. */
export type VideoState = {
  isVideoOff: boolean;
  /** The opposite of `isVideoOff`. */
  isVideoEnabled?: boolean | undefined;
} | {
  isVideoOff?: boolean | undefined;
  /** The opposite of `isVideoOff`. */
  isVideoEnabled: boolean;
};

export type ReportCategory = "spam" | "harassment" | "hate" | "nudity" | "violence" | "minor" | "other";

export interface Participant {
  /** The participant's `socket.id`. */
  id: Id;
  userName: Id;
  /** The same as `userName`. */
  name: Id;
  /** Participants have no pictures. */
  avatar: null;
  joinedAt: string;
  /** Whether nobody in the room has been there longer; it grants no right. */
  isAdmin: boolean;
  isAudioMuted: boolean;
  /** The opposite of `isAudioMuted`. */
  isAudioEnabled: boolean;
  isVideoOff: boolean;
  /** The opposite of `isVideoOff`. */
  isVideoEnabled: boolean;
  isScreenSharing: boolean;
}

export interface RoomMessage {
  /** The message's id, the same for everyone. */
  id: string;
  senderId: Id;
  /** The one given at the join. */
  userName: Id;
  message: string;
  timestamp: string;
}

export interface ParticipantRef {
  participantId: Id;
}

/** The id of a participant. */
export interface Sender {
  senderId: Id;
  /** The same as `senderId`. */
  senderSocketId: Id;
}

/** Meetings with chat, media state and screen share: what clients may send. */
export interface ClientToServerEvents {
  /** Join the room; the first one creates it. */
  "join-room": (content: {
    roomId: Id;
    userName: DisplayName;
  }, acknowledge?: Acknowledge) => void;
  /** `new-message` to everyone in the room, the sender included. */
  "send-message": (content: InRoom & {
    message: string;
    /** Ignored. */
    userName?: unknown;
  }, acknowledge?: Acknowledge<SendMessageAnswer>) => void;
  /** The same to that participant. */
  "webrtc-offer": (content: Target & { offer: Description }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-answer": (content: Target & { answer: Description }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-ice-candidate": (content: Target & { candidate: Candidate }, acknowledge?: Acknowledge) => void;
  /** `connection-request` to that participant: it should open a connection. */
  "request-connection": (content: Target, acknowledge?: Acknowledge) => void;
  /** Say whether the sender is muted. */
  "toggle-audio": (content: InRoom & AudioState, acknowledge?: Acknowledge) => void;
  /** Say whether the sender's camera is off. */
  "toggle-video": (content: InRoom & VideoState, acknowledge?: Acknowledge) => void;
  /** The same as `toggle-audio` or `toggle-video`. */
  "toggle-media": (content: InRoom & {
    type: "audio" | "video";
    enabled: boolean;
  }, acknowledge?: Acknowledge) => void;
  /** Say that the sender shares its screen. */
  "start-screen-share": (...args: [acknowledge?: Acknowledge] | [content: InRoom | null, acknowledge?: Acknowledge]) => void;
  /** Say that the sender no longer shares its screen. */
  "stop-screen-share": (...args: [acknowledge?: Acknowledge] | [content: InRoom | null, acknowledge?: Acknowledge]) => void;
  /** The same as `start-screen-share` or `stop-screen-share`. */
  "toggle-screen-share": (content: InRoom & { isScreenSharing: boolean }, acknowledge?: Acknowledge) => void;
  /** Extension. Report a participant of the sender's room to the operators, with the last messages of the room: one that is there, or that wrote one of these. */
  report_user: (content: InRoom & Target & {
    /** `other` if not given. */
    category?: ReportCategory | null | undefined;
    /** In the sender's words. */
    reason?: string | null | undefined;
  }, acknowledge?: Acknowledge<ReportUserAnswer>) => void;
  /** Leave the room; answered by `left-room`. */
  "leave-room": (...args: [acknowledge?: Acknowledge] | [content: InRoom | null, acknowledge?: Acknowledge]) => void;
}

/** Meetings with chat, media state and screen share: what clients are sent. */
export interface ServerToClientEvents {
  /** The receiver is in the room. */
  "joined-room": (content: {
    roomId: Id;
    participantId: Id;
    participant: Participant;
    /** The receiver is among them. */
    participants: Participant[];
    /** The room's last ones, oldest first. */
    messages: RoomMessage[];
  }) => void;
  /** Somebody came. */
  "user-joined": (content: ParticipantRef & {
    userName: Id;
    participant: Participant;
  }) => void;
  /** The participants in the room, after a change of the list or of a participant's state. */
  "participants-updated": (content: Participant[]) => void;
  /** Somebody left for good. */
  "user-left": (content: ParticipantRef & { userName: Id }) => void;
  /** Somebody in the room, or the receiver itself, wrote. */
  "new-message": (content: RoomMessage) => void;
  /** Extension. An operator removed that message, for everyone. The receiver may not have received it, and may receive this twice. */
  "message-removed": (content: {
    /** The message's id, the same for everyone. */
    id: string;
  }) => void;
  /** An offer from a participant. */
  "webrtc-offer": (content: Sender & { offer: Description }) => void;
  /** An answer from a participant. */
  "webrtc-answer": (content: Sender & { answer: Description }) => void;
  /** A candidate from a participant. */
  "webrtc-ice-candidate": (content: Sender & { candidate: Candidate }) => void;
  /** A participant wants the receiver to open a connection. */
  "connection-request": (content: Sender) => void;
  /** Somebody else is muted, or no longer. */
  "participant-audio-toggled": (content: ParticipantRef & { isAudioMuted: boolean }) => void;
  /** Somebody else's camera is off, or on again. */
  "participant-video-toggled": (content: ParticipantRef & { isVideoOff: boolean }) => void;
  /** The same as `participant-audio-toggled` or `participant-video-toggled`, after it. */
  "media-toggled": (content: ParticipantRef & {
    type: "audio" | "video";
    enabled: boolean;
  }) => void;
  /** Somebody else shares the screen. */
  "user-started-screen-share": (content: ParticipantRef) => void;
  /** Another participant no longer shares the screen. */
  "user-stopped-screen-share": (content: ParticipantRef) => void;
  /** The receiver has left the room, as it asked. */
  "left-room": (content: {
    roomId: Id;
  }) => void;
  /** An event without a callback was refused, or something ended for this connection. */
  error: (content: {
    type: ErrorCode;
    message: string;
    /** When to try again, in ms. */
    retryAfterMs?: number | undefined;
    /** Only with `banned` and `muted`: why, in the operator's words. */
    reason?: string | undefined;
    /** Only with `banned` and `muted`: when it ends; missing: never. */
    until?: string | undefined;
  }) => void;
  /** This node stops; the client comes back to another one, recovered. */
  "server-shutdown": (content: {
    message: string;
  }) => void;
}
