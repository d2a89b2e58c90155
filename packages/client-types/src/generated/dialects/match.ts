// Generated from packages/dialects/src/match/events.ts by `pnpm run docs`; don't edit it here.
import type { Acknowledge } from "../../ack.ts";
import type { Candidate, Description } from "../../body.ts";
import type { ErrorCode } from "../error-code.ts";

/** An id or a name: opaque, without control characters. */
export type Id = string;

/** 1:1 calls in a known match: what clients may send. */
export interface ClientToServerEvents {
  /** Join the match; the first one creates it. */
  register: (content: {
    userId: Id;
    matchId: Id;
  }, acknowledge?: Acknowledge) => void;
  /** `incoming-call` to that participant. */
  "initiate-call": (content: {
    to: Id;
  }, acknowledge?: Acknowledge) => void;
  /** `call-accepted` to that participant. */
  "accept-call": (content: {
    to: Id;
  }, acknowledge?: Acknowledge) => void;
  /** `call-rejected` to that participant. */
  "reject-call": (content: {
    to: Id;
    /** `User declined` if not given. */
    reason?: string | null | undefined;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  offer: (content: {
    to: Id;
    offer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  answer: (content: {
    to: Id;
    answer: Description;
  }, acknowledge?: Acknowledge) => void;
  /** The same to that participant. */
  "ice-candidate": (content: {
    /** null, or not given: nobody receives it. */
    to?: Id | null | undefined;
    candidate: Candidate;
  }, acknowledge?: Acknowledge) => void;
  /** `call-ended` to everyone else in the match, whether or not `to` is given. */
  "end-call": (...args: [acknowledge?: Acknowledge] | [content: {
    /** Ignored. */
    to?: unknown;
  } | null, acknowledge?: Acknowledge]) => void;
}

/** 1:1 calls in a known match: what clients are sent. */
export interface ServerToClientEvents {
  /** The receiver is in the match. */
  joined: (content: {
    matchId: Id;
    userId: Id;
    /** User ids; the receiver is among them. */
    participants: Id[];
    participantCount: number;
  }) => void;
  /** The other one came. */
  "user-joined": (content: {
    userId: Id;
    participantCount: number;
  }) => void;
  /** The other one left for good. */
  "user-left": (content: {
    userId: Id;
  }) => void;
  /** The other one calls. */
  "incoming-call": (content: {
    from: Id;
  }) => void;
  /** The other one takes the call. */
  "call-accepted": (content: {
    from: Id;
  }) => void;
  /** The other one declines the call. */
  "call-rejected": (content: {
    from: Id;
    reason: string;
  }) => void;
  /** The other one ended the call. */
  "call-ended": (content: {
    from: Id;
  }) => void;
  /** An offer from the other one. */
  offer: (content: {
    offer: Description;
    from: Id;
  }) => void;
  /** An answer from the other one. */
  answer: (content: {
    answer: Description;
    from: Id;
  }) => void;
  /** A candidate from the other one. */
  "ice-candidate": (content: {
    candidate: Candidate;
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
