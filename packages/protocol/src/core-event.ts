import type { ErrorBody } from "./errors.ts";
import type { RoomId, SessionId, UserId } from "./ids.ts";

/** What a member of a meeting shows of itself. */
export const flagNames = ["audioMuted", "videoOff", "screenSharing"] as const;
export type Flag = (typeof flagNames)[number];
export type Flags = Readonly<Record<Flag, boolean>>;
export const noFlags: Flags = { audioMuted: false, videoOff: false, screenSharing: false };

/** What a dialect knows of a person, as its client gave it: passed on to others, read by nobody but the dialect. */
export type Profile = { readonly [key: string]: Json };

/** Somebody in a match, call or meeting. `joined` is Unix time in ms. */
export interface Member {
  readonly session: SessionId;
  readonly user: UserId;
  readonly profile: Profile;
  readonly flags: Flags;
  readonly joined: number;
}

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
  /** What the speaker is called, where that is not its user id. */
  readonly name: string | undefined;
  readonly text: string;
  readonly at: number;
}

/** What people tell each other around a call, besides the signals. */
export type CallStep = "ring" | "accept" | "reject" | "end";

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
  /** The receiver is in a match, call or meeting, with `members` (itself among them) and what was said last. */
  welcomed: {
    readonly room: RoomId;
    readonly self: Member;
    readonly members: readonly Member[];
    readonly messages: readonly ChatMessage[];
    /** Whether it was alone there. */
    readonly opened: boolean;
  };
  /** Somebody came into the receiver's room; `members` are there now. */
  entered: { readonly room: RoomId; readonly member: Member; readonly members: readonly Member[] };
  /** Somebody left the receiver's room for good; `members` are there now. */
  left: { readonly room: RoomId; readonly member: Member; readonly members: readonly Member[] };
  /** Who is in the receiver's room, after a change of any kind. */
  roster: { readonly room: RoomId; readonly members: readonly Member[] };
  /** A member of the receiver's room set one of its flags. */
  flagged: { readonly room: RoomId; readonly member: Member; readonly flag: Flag; readonly on: boolean };
  /** The receiver has left that room. */
  departed: { readonly room: RoomId };
  /** A step in setting up or ending a call between two. */
  "call-step": { readonly from: UserId; readonly step: CallStep; readonly reason?: string };
  /** Somebody wants the receiver in a call. `initiator` is said as that one's client said it. */
  invited: { readonly room: RoomId; readonly initiator: Json; readonly isVideo: boolean };
  /** Another connection of the receiver's user answered that one's call. */
  "answered-elsewhere": { readonly from: UserId };
  /** Somebody came online. */
  came: { readonly user: UserId; readonly profile: Profile };
  /** Somebody went offline. */
  went: { readonly user: UserId };
  /** The receiver is online, and so are `people`, the latest first; `total` counts all. */
  online: { readonly people: readonly Profile[]; readonly total: number };
  /** Who is online, by name; `total` counts all. */
  names: { readonly names: readonly UserId[]; readonly total: number };
  /** What was said last in the chatroom, oldest first. */
  history: { readonly messages: readonly ChatMessage[] };
  /** How many people are connected in the dialect, cluster-wide. */
  population: { readonly count: number };
  /** Another connection of the same user took over. */
  replaced: { readonly error: ErrorBody };
  /** A request without a callback was refused. */
  refused: { readonly error: ErrorBody };
  /** This node is about to stop. */
  shutdown: { readonly message: string };
}

export type CoreEventType = keyof CoreEvents;
/** The one union of what a participant can be told. */
export type CoreEvent = { [Type in CoreEventType]: { readonly type: Type } & CoreEvents[Type] }[CoreEventType];
export type CoreEventOf<Type extends CoreEventType> = { readonly type: Type } & CoreEvents[Type];
