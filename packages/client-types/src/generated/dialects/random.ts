// Generated from packages/dialects/src/random/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** Fields of the acknowledgement of `send_message` besides `ok: true`. */
export interface SendMessageAnswer {
  /** The message's id, the same for everyone. */
  id: string;
  timestamp: string;
}

/** Fields of the acknowledgement of `report_user` besides `ok: true`. */
export interface ReportUserAnswer {
  /** The report's id, by which operators find it; the same for a repetition. */
  reportId: string;
}

/** Fields of the acknowledgement of `where` besides `ok: true`. */
export interface WhereAnswer {
  /** null: between two connections, or nobody. */
  node: string | null;
  /** null: between two connections, or nobody. */
  partnerNode: string | null;
}

/** An id or a name: opaque, without control characters. */
export type Id = string;

export type ReportCategory = "spam" | "harassment" | "hate" | "nudity" | "violence" | "minor" | "other";

/** An anonymous partner, text or video: what clients may send. */
export interface ClientToServerEvents {
  /** Wait for a partner in the queue of that type. */
  join: (content: {
    userId: Id;
    type: "chat" | "video";
    preferences?: {
      /** At most 10, besides empty ones and those that are there already. */
      interests?: string[] | null | undefined;
      language?: string | null | undefined;
      region?: string | null | undefined;
      /** User ids; the first 100 count, and 8192 bytes of them at most. */
      avoid?: string[] | null | undefined;
    } | null | undefined;
  }, acknowledge?: Acknowledge) => void;
  /** The same as `join` with type `video` and no preferences. */
  join_video_queue: (content: {
    userId: Id;
    /** Ignored. */
    platform?: unknown;
  }, acknowledge?: Acknowledge) => void;
  /** `new_message` to the partner; with `auth.echo` (extension) to the sender, too. */
  send_message: (content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    message: string;
  }, acknowledge?: Acknowledge<SendMessageAnswer>) => void;
  /** `user_typing` to the partner. */
  typing: (content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    isTyping: boolean;
  }, acknowledge?: Acknowledge) => void;
  /** The same to the partner. */
  offer: (content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    offer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to the partner. */
  answer: (content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    answer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to the partner. */
  ice_candidate: (content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    candidate: Candidate;
  }, acknowledge?: Acknowledge) => void;
  /** Leave; the partner gets `partner_disconnected`. */
  leave_room: (...args: [acknowledge?: Acknowledge] | [content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
  } | null, acknowledge?: Acknowledge]) => void;
  /** The same as `leave_room`. */
  leave_video: (...args: [acknowledge?: Acknowledge] | [content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
  } | null, acknowledge?: Acknowledge]) => void;
  /** Extension. Never meet that partner again; the room ends. */
  block_user: (...args: [acknowledge?: Acknowledge] | [content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    reason?: string | null | undefined;
  } | null, acknowledge?: Acknowledge]) => void;
  /** Extension. Report the partner, or for a while the last one, to the operators, with the last messages of the room, and never meet that partner again; a room that goes on ends. */
  report_user: (...args: [acknowledge?: Acknowledge<ReportUserAnswer>] | [content: {
    /** The sender's room; it may be missing. */
    roomId?: Id | null | undefined;
    /** `other` if not given. */
    category?: ReportCategory | null | undefined;
    /** In the sender's words. */
    reason?: string | null | undefined;
  } | null, acknowledge?: Acknowledge<ReportUserAnswer>]) => void;
  /** Extension. Leave, if in a room, and wait again with the last type and preferences. */
  next: (...args: [acknowledge?: Acknowledge] | [content: Record<string, unknown> | null, acknowledge?: Acknowledge]) => void;
  /** The same as `next`. */
  next_partner: (...args: [acknowledge?: Acknowledge] | [content: Record<string, unknown> | null, acknowledge?: Acknowledge]) => void;
  /** Extension. Stop waiting. */
  leave_queue: (...args: [acknowledge?: Acknowledge] | [content: Record<string, unknown> | null, acknowledge?: Acknowledge]) => void;
  /** Extension. Which node holds each side. */
  where: (...args: [acknowledge?: Acknowledge<WhereAnswer>] | [content: Record<string, unknown> | null, acknowledge?: Acknowledge<WhereAnswer>]) => void;
}

/** An anonymous partner, text or video: what clients are sent. */
export interface ServerToClientEvents {
  /** There is nobody for the receiver yet. Of two who meet, the one who was there first. */
  waiting_for_partner: (content: {
    /** Extension. Counts from 1. */
    position: number;
    /** Extension. In ms. */
    estimatedWaitMs: number;
  }) => void;
  /** The receiver is in a room with a partner. */
  partner_found: (content: {
    roomId: Id;
    partnerId: Id;
    type: "chat" | "video";
    /** true for exactly one of the two, who sends the offer. */
    initiator: boolean;
    sharedInterests: Id[];
    /** Whether the two have met within the last 30 minutes. */
    isRepeatConnection: boolean;
  }) => void;
  /** The partner is gone; the receiver is out of the room and not queued. */
  partner_disconnected: (content: Record<never, never>) => void;
  /** The partner wrote; with `auth.echo` (extension) the receiver itself, too. */
  new_message: (content: {
    /** The message's id, the same for everyone. */
    id: string;
    text: string;
    /** The sender's user id. */
    sender: Id;
    timestamp: string;
    type: "message";
  }) => void;
  /** Extension. An operator removed that message, for everyone. The receiver may not have received it, and may receive this twice. */
  message_removed: (content: {
    /** The message's id, the same for everyone. */
    id: string;
  }) => void;
  /** The partner types, or no longer. */
  user_typing: (content: {
    isTyping: boolean;
  }) => void;
  /** An offer from the partner. */
  offer: (content: {
    offer: Description;
  }) => void;
  /** An answer from the partner. */
  answer: (content: {
    answer: Description;
  }) => void;
  /** A candidate from the partner. */
  ice_candidate: (content: {
    candidate: Candidate;
  }) => void;
  /** How many are connected in this dialect: on connect, then on change, at most once a second. */
  user_count_update: (content: {
    count: number;
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
