// Generated from packages/dialects/src/rooms/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** Fields of the acknowledgement of `send-message` besides `ok: true`. */
export interface SendMessageAnswer {
  /** The message's id, the same for everyone. */
  id: string;
}

/** An id or a name: opaque, without control characters. */
export type Id = string;

export interface Participant {
  /** The participant's `socket.id`. */
  id: Id;
  userName: Id;
  joinedAt: string;
  isAudioMuted: boolean;
  isVideoOff: boolean;
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

/** Meetings with chat, media state and screen share: what clients may send. */
export interface ClientToServerEvents {
  /** Join the room; the first one creates it. */
  "join-room": (content: {
    roomId: Id;
    userName: Id;
  }, acknowledge?: Acknowledge) => void;
  /** `new-message` to everyone in the room, the sender included. */
  "send-message": (content: {
    roomId: Id;
    message: string;
    /** Ignored. */
    userName?: unknown;
  }, acknowledge?: Acknowledge<SendMessageAnswer>) => void;
  /** The same to that participant. */
  "webrtc-offer": (content: {
    targetId: Id;
    offer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-answer": (content: {
    targetId: Id;
    answer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-ice-candidate": (content: {
    targetId: Id;
    candidate: Candidate;
  }, acknowledge?: Acknowledge) => void;
  /** Say whether the sender is muted. */
  "toggle-audio": (content: {
    roomId: Id;
    isAudioMuted: boolean;
  }, acknowledge?: Acknowledge) => void;
  /** Say whether the sender's camera is off. */
  "toggle-video": (content: {
    roomId: Id;
    isVideoOff: boolean;
  }, acknowledge?: Acknowledge) => void;
  /** Say that the sender shares its screen. */
  "start-screen-share": (content: {
    roomId: Id;
  }, acknowledge?: Acknowledge) => void;
  /** Say that the sender no longer shares its screen. */
  "stop-screen-share": (content: {
    roomId: Id;
  }, acknowledge?: Acknowledge) => void;
  /** Leave the room; answered by `left-room`. */
  "leave-room": (content: {
    roomId: Id;
  }, acknowledge?: Acknowledge) => void;
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
  "user-joined": (content: {
    participantId: Id;
    userName: Id;
    participant: Participant;
  }) => void;
  /** The participants in the room, after a change of the list or of a participant's state. */
  "participants-updated": (content: Participant[]) => void;
  /** Somebody left for good. */
  "user-left": (content: {
    participantId: Id;
    userName: Id;
  }) => void;
  /** Somebody in the room, or the receiver itself, wrote. */
  "new-message": (content: RoomMessage) => void;
  /** An offer from a participant. */
  "webrtc-offer": (content: {
    senderId: Id;
    offer: Description;
  }) => void;
  /** An answer from a participant. */
  "webrtc-answer": (content: {
    senderId: Id;
    answer: Description;
  }) => void;
  /** A candidate from a participant. */
  "webrtc-ice-candidate": (content: {
    senderId: Id;
    candidate: Candidate;
  }) => void;
  /** Somebody else is muted, or no longer. */
  "participant-audio-toggled": (content: {
    participantId: Id;
    isAudioMuted: boolean;
  }) => void;
  /** Somebody else's camera is off, or on again. */
  "participant-video-toggled": (content: {
    participantId: Id;
    isVideoOff: boolean;
  }) => void;
  /** Somebody else shares the screen. */
  "user-started-screen-share": (content: {
    participantId: Id;
  }) => void;
  /** Another participant no longer shares the screen. */
  "user-stopped-screen-share": (content: {
    participantId: Id;
  }) => void;
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
  }) => void;
  /** This node stops; the client comes back to another one, recovered. */
  "server-shutdown": (content: {
    message: string;
  }) => void;
}
