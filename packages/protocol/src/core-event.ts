import type { Refusal } from "./errors.ts";
import type { RoomId, SessionId, UserId } from "./ids.ts";

/** The three kinds of WebRTC signaling bodies (RFC 8829 offers and answers, RFC 8838 candidates). */
export const signalKinds = ["offer", "answer", "candidate"] as const;
export type SignalKind = (typeof signalKinds)[number];

/** Plain JSON; signaling bodies pass through as such, unread. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A chat message as it is kept and told. `at` is Unix time in ms. */
export interface ChatMessage {
  readonly id: string;
  readonly session: SessionId;
  readonly user: UserId;
  readonly text: string;
  readonly at: number;
}

interface CoreEvents {
  /** Queued for a partner; `position` counts from 1. */
  waiting: { readonly position: number; readonly estimatedWaitMs: number };
  /** Paired with `partner` in `room`; exactly one of the two is the initiator. */
  paired: {
    readonly room: RoomId;
    readonly partner: UserId;
    readonly queue: string;
    readonly initiator: boolean;
    readonly sharedInterests: readonly string[];
  };
  /** The partner left for good; the receiver is out of the room too. */
  "partner-left": { readonly room: RoomId };
  /** Somebody in the room wrote. */
  said: { readonly room: RoomId; readonly message: ChatMessage };
  /** A peer started or stopped typing. */
  typing: { readonly room: RoomId; readonly isTyping: boolean };
  /** An offer, answer or candidate from a peer in the same room. */
  signal: { readonly room: RoomId; readonly from: UserId; readonly kind: SignalKind; readonly body: Json };
  /** How many people are connected in the dialect, cluster-wide. */
  population: { readonly count: number };
  /** Another connection of the same user took over. */
  replaced: { readonly refusal: Refusal };
  /** A request without a callback was refused. */
  refused: { readonly refusal: Refusal };
  /** This node is about to stop. */
  shutdown: { readonly message: string };
}

export type CoreEventType = keyof CoreEvents;
/** The one union of what a participant can be told. */
export type CoreEvent = { [Type in CoreEventType]: { readonly type: Type } & CoreEvents[Type] }[CoreEventType];
export type CoreEventOf<Type extends CoreEventType> = { readonly type: Type } & CoreEvents[Type];
