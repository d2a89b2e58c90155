import type { ErrorBody } from "./errors.ts";
import type { RoomId, SessionId, UserId } from "./ids.ts";

/** The flags that a member of a meeting shows. */
export const flagNames = ["audioMuted", "videoOff", "screenSharing"] as const;
export type Flag = (typeof flagNames)[number];
export type Flags = Readonly<Record<Flag, boolean>>;
export const noFlags: Flags = { audioMuted: false, videoOff: false, screenSharing: false };

/** A user's profile, as its client gave it. It is passed on to others, and only the dialect reads it. */
export type Profile = { readonly [key: string]: Json };

/** A member of a match, call or meeting. `joined` is Unix time in ms. */
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

/** A chat message as it is stored and delivered. `at` is Unix time in ms. */
export interface ChatMessage {
  readonly id: string;
  readonly session: SessionId;
  readonly user: UserId;
  /** The sender's display name, if it differs from the user id. */
  readonly name: string | undefined;
  readonly text: string;
  readonly at: number;
}

/** The reasons for which a user reports another one to the operators. */
export const reportCategories = ["spam", "harassment", "hate", "nudity", "violence", "minor", "other"] as const;
export type ReportCategory = (typeof reportCategories)[number];

/** The steps of a call that one side sends to the other, besides the signals. */
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
    /** Whether the two have met within the last half an hour. */
    readonly isRepeat: boolean;
  };
  /** The partner left for good; the receiver is out of the room too. */
  "partner-left": { readonly room: RoomId };
  /** A chat message from a member of the room. */
  said: { readonly room: RoomId; readonly message: ChatMessage };
  /** An operator removed a chat message from the room; the receiver may have had it, or not. */
  removed: { readonly room: RoomId; readonly id: string };
  /** A peer started or stopped typing. */
  typing: { readonly room: RoomId; readonly isTyping: boolean };
  /** An offer, answer or candidate from a peer in the same room. */
  signal: { readonly room: RoomId; readonly from: UserId; readonly kind: SignalKind; readonly body: Json };
  /** An opaque message from a peer in the same room. */
  relayed: { readonly room: RoomId; readonly from: UserId; readonly body: Json };
  /** A peer in the same room wants the receiver to open a connection to it. */
  "connection-requested": { readonly room: RoomId; readonly from: UserId };
  /** The receiver is in a match, call or meeting, with `members` (itself among them) and the recent messages. */
  welcomed: {
    readonly room: RoomId;
    readonly self: Member;
    readonly members: readonly Member[];
    readonly messages: readonly ChatMessage[];
    /** Whether the receiver was alone there when this list was made; `false` if it was there already. */
    readonly opened: boolean;
    /** Whether it opened the room by this entry, also where others have come before the list was made. */
    readonly isFirst: boolean;
  };
  /** A member joined the receiver's room; `members` are there now. */
  entered: { readonly room: RoomId; readonly member: Member; readonly members: readonly Member[] };
  /** A member left the receiver's room for good; `members` are there now. */
  left: { readonly room: RoomId; readonly member: Member; readonly members: readonly Member[] };
  /** The members of the receiver's room, after a change of any kind. */
  roster: { readonly room: RoomId; readonly members: readonly Member[] };
  /** A member of the receiver's room set one of its flags. */
  flagged: { readonly room: RoomId; readonly member: Member; readonly flag: Flag; readonly on: boolean };
  /** The receiver has left that room. */
  departed: { readonly room: RoomId };
  /** A step in setting up or ending a call between two. */
  "call-step": { readonly from: UserId; readonly step: CallStep; readonly reason?: string };
  /** A user invites the receiver to a call. `initiator` is passed on as that user's client sent it. */
  invited: { readonly room: RoomId; readonly initiator: Json; readonly isVideo: boolean };
  /** Another session of the receiver's user answered the call of that peer. */
  "answered-elsewhere": { readonly from: UserId };
  /** A user came online. */
  came: { readonly user: UserId; readonly profile: Profile };
  /** A user went offline. */
  went: { readonly user: UserId };
  /** The receiver is online, and so are `people`, the latest first; `total` counts all. */
  online: { readonly people: readonly Profile[]; readonly total: number };
  /** The users online, after a change, the latest first; `total` counts all. */
  people: { readonly people: readonly Profile[]; readonly total: number };
  /** The users online, by name; `total` counts all. */
  names: { readonly names: readonly UserId[]; readonly total: number };
  /** The recent messages of the chatroom, oldest first. */
  history: { readonly messages: readonly ChatMessage[] };
  /** Number of users connected in the dialect, cluster-wide. */
  population: { readonly count: number };
  /** Another session of the same user replaced this one. */
  replaced: { readonly error: ErrorBody };
  /** A request without a callback was refused. */
  refused: {
    readonly error: ErrorBody;
    /** The request and its arguments, where these were of the expected form. */
    readonly request?: { readonly event: string; readonly args: readonly unknown[] };
  };
  /** An event of an application's own, from its back end or an operator; clients receive it under that name in every dialect. */
  notice: { readonly name: string; readonly payload: Json };
  /** This node is about to stop. */
  shutdown: { readonly message: string };
}

export type CoreEventType = keyof CoreEvents;
/** The one union of events that a participant can receive. */
export type CoreEvent = { [Type in CoreEventType]: { readonly type: Type } & CoreEvents[Type] }[CoreEventType];
export type CoreEventOf<Type extends CoreEventType> = { readonly type: Type } & CoreEvents[Type];
