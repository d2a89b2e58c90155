// Generated from packages/dialects/src/calls/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** Fields of the acknowledgement of `report_user` besides `ok: true`. */
export interface ReportUserAnswer {
  /** The report's id, by which operators find it; the same for a repetition. */
  reportId: string;
}

export interface CallUser {
  id: Id;
  username: DisplayName;
  /** As that user's client gave it. */
  joinedAt?: string | number | null | undefined;
}

/** An id or a name: opaque, without control characters. */
export type Id = string;

/** A name; of one that is longer the first 64 characters are shown. */
export type DisplayName = Id;

export type CallUserOrId = Id | {
  id: Id;
  username?: DisplayName | null | undefined;
};

export type ReportCategory = "spam" | "harassment" | "hate" | "nudity" | "violence" | "minor" | "other";

/** Online users and group calls: what clients may send. */
export interface ClientToServerEvents {
  /** Come online. */
  "user-joined": (content: CallUser, acknowledge?: Acknowledge) => void;
  /** Start call `id` and invite others; join it if it exists. */
  "start-call": (content: {
    id: Id;
    /** The sender. */
    initiator?: CallUserOrId | null | undefined;
    /** The users to invite: user ids, or users. */
    participants: CallUserOrId[];
    /** false if not given. */
    isVideo?: boolean | null | undefined;
  }, acknowledge?: Acknowledge) => void;
  /** Join a call. */
  "join-call": (content: {
    callId: Id;
    /** Ignored. */
    user?: unknown;
  }, acknowledge?: Acknowledge) => void;
  /** Leave a call. */
  "leave-call": (content: {
    callId: Id;
    /** Ignored. */
    userId?: unknown;
  }, acknowledge?: Acknowledge) => void;
  /** Extension. Report a user that is in that call to the operators; the sender is in it, or may join it, as a user who is invited. */
  report_user: (content: {
    callId: Id;
    targetUserId: Id;
    /** `other` if not given. */
    category?: ReportCategory | null | undefined;
    /** In the sender's words. */
    reason?: string | null | undefined;
  }, acknowledge?: Acknowledge<ReportUserAnswer>) => void;
  /** The same to that participant. */
  "webrtc-offer": (content: {
    callId: Id;
    offer: Description;
    targetUserId: Id;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-answer": (content: {
    callId: Id;
    answer: Description;
    targetUserId: Id;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "webrtc-ice-candidate": (content: {
    callId: Id;
    candidate: Candidate;
    targetUserId: Id;
  }, acknowledge?: Acknowledge) => void;
}

/** Online users and group calls: what clients are sent. */
export interface ServerToClientEvents {
  /** The users that are online, the receiver included, the latest first; sent to a user that came online, and to everyone online after changes. */
  "users-list": (content: CallUser[]) => void;
  /** Somebody came online. */
  "user-joined": (content: CallUser) => void;
  /** Somebody went offline: the bare user id. */
  "user-left": (content: Id) => void;
  /** The receiver is invited to a call. */
  "incoming-call": (content: {
    callId: Id;
    /** The user that started it: a user id, or a user. */
    initiator: CallUserOrId;
    isVideo: boolean;
  }) => void;
  /** The call of the receiver has started, with the receiver in it. */
  "call-started": (content: {
    callId: Id;
  }) => void;
  /** Somebody joined the receiver's call. */
  "user-joined-call": (content: {
    callId: Id;
    participants: CallUser[];
    user: CallUser;
  }) => void;
  /** The receiver is in that call, with these. */
  "call-participants": (content: {
    callId: Id;
    participants: CallUser[];
  }) => void;
  /** Somebody left the receiver's call; these stay. */
  "user-left-call": (content: {
    callId: Id;
    participants: CallUser[];
    userId: Id;
  }) => void;
  /** The receiver is not in that call: the answer to each `leave-call`. */
  "call-left": (content: {
    callId: Id;
  }) => void;
  /** The receiver sent an event about a call that does not exist, or in which it is not. */
  "call-not-found": (content: {
    callId: Id;
  }) => void;
  /** An offer from a participant. */
  "webrtc-offer": (content: {
    callId: Id;
    offer: Description;
    fromUserId: Id;
  }) => void;
  /** An answer from a participant. */
  "webrtc-answer": (content: {
    callId: Id;
    answer: Description;
    fromUserId: Id;
  }) => void;
  /** A candidate from a participant. */
  "webrtc-ice-candidate": (content: {
    callId: Id;
    candidate: Candidate;
    fromUserId: Id;
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
