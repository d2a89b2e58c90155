// Generated from packages/dialects/src/chat/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** Fields of the acknowledgement of `send_message` besides `ok: true`. */
export interface SendMessageAnswer {
  /** The message's id, the same for everyone. */
  id: string;
}

/** Fields of the acknowledgement of `report_user` besides `ok: true`. */
export interface ReportUserAnswer {
  /** The report's id, by which operators find it; the same for a repetition. */
  reportId: string;
}

export interface ChatLine {
  /** The message's id, the same for everyone. */
  id: string;
  username: Id;
  text: string;
  timestamp: string;
}

/** An id or a name: opaque, without control characters. */
export type Id = string;

/** Fields of the acknowledgement of `load_messages` besides `ok: true`. */
export interface LoadMessagesAnswer {
  /** Oldest first. */
  messages: ChatLine[];
  /** Whether there are older ones. */
  hasMore: boolean;
}

export type ReportCategory = "spam" | "harassment" | "hate" | "nudity" | "violence" | "minor" | "other";

/** Accounts, one chatroom, and 1:1 calls by username: what clients may send. */
export interface ClientToServerEvents {
  /** `new_message` to everyone, the sender included. */
  send_message: (content: {
    text: string;
  }, acknowledge?: Acknowledge<SendMessageAnswer>) => void;
  /** `incoming_call` to that user's connections. */
  call_user: (content: {
    to: Id;
    offer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** `call_answered` to that user. */
  call_answer: (content: {
    to: Id;
    answer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** `ice_candidate` to that user. */
  ice_candidate: (content: {
    to: Id;
    candidate: Candidate;
  }, acknowledge?: Acknowledge) => void;
  /** `call_ended` to that user. */
  end_call: (content: {
    to: Id;
  }, acknowledge?: Acknowledge) => void;
  /** Extension. Report a user to the operators, with the last messages of the chatroom: one that is online, or that wrote one of these. */
  report_user: (content: {
    username: Id;
    /** `other` if not given. */
    category?: ReportCategory | null | undefined;
    /** In the sender's words. */
    reason?: string | null | undefined;
  }, acknowledge?: Acknowledge<ReportUserAnswer>) => void;
  /** Extension. Older messages, in the acknowledgement. */
  load_messages: (...args: [acknowledge?: Acknowledge<LoadMessagesAnswer>] | [content: {
    /** The id of the oldest message already there; if not given, the latest are loaded. */
    before?: Id | null | undefined;
    limit?: number | null | undefined;
  } | null, acknowledge?: Acknowledge<LoadMessagesAnswer>]) => void;
}

/** Accounts, one chatroom, and 1:1 calls by username: what clients are sent. */
export interface ServerToClientEvents {
  /** The last messages, oldest first, on every connect that is not recovered. */
  message_history: (content: ChatLine[]) => void;
  /** Somebody, or the receiver itself, wrote. */
  new_message: (content: ChatLine) => void;
  /** Extension. An operator removed that message, for everyone. The receiver may not have received it, and may receive this twice. */
  message_removed: (content: {
    /** The message's id, the same for everyone. */
    id: string;
  }) => void;
  /** Names of the users online, each once, at most 500: on connect, then on change, at most once a second. */
  online_users: (content: Id[], further: {
    total: number;
  }) => void;
  /** That user calls. */
  incoming_call: (content: {
    from: Id;
    offer: Description;
  }) => void;
  /** That user takes the call. */
  call_answered: (content: {
    from: Id;
    answer: Description;
  }) => void;
  /** A candidate from that user. */
  ice_candidate: (content: {
    from: Id;
    candidate: Candidate;
  }) => void;
  /** That user ended the call. */
  call_ended: (content: {
    from: Id;
  }) => void;
  /** Extension. Another connection of the receiver's user answered that user's call. */
  call_answered_elsewhere: (content: {
    from: Id;
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
