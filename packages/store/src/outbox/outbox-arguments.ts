import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { MemberSeat } from "../session/session-record.ts";

/** How much a session keeps of what it was sent. */
export interface OutboxBounds {
  /** Events that its client has confirmed; of others eight times as many. */
  readonly events: number;
  /** Bytes of events in all, confirmed or not. */
  readonly bytes: number;
}

/** As scripts read it. */
export function writeOutboxBounds({ events, bytes }: OutboxBounds): string {
  return `${events} ${bytes}`;
}

/** A command for a session by the node that holds it: after the end of the node's lease, Redis refuses it. */
export interface Leased {
  /** When that lease ends, as far as the node knew when it began; `undefined`: no lease stands behind it. */
  readonly lease?: number | undefined;
}

/** The sender of an event: the session, and the epoch in which its node holds it. */
export interface Sender extends Leased {
  readonly session: SessionId;
  readonly epoch: number;
  /** As whom it sends; `undefined` in a pair. */
  readonly user?: UserId | undefined;
  /** The revision by which it came, in a room that clients name. */
  readonly entry?: number | undefined;
}

/** A place in a room that was entered. */
export interface MemberSeating {
  readonly seat: MemberSeat;
  readonly epoch: number;
  /** Content of the opening event (JSON), where that is what it enters by. */
  readonly opening: string | undefined;
  /** The attempt by which it entered. */
  readonly attempt: number;
  /** The revision of the roster that it receives. */
  readonly listed: number;
  /** The members on it, and by which change each came. */
  readonly members: readonly { readonly user: UserId; readonly revision: number }[];
  readonly oneAtATime: boolean;
}

/** Where a session stands in its dialect's feed. */
export interface FeedSubscription {
  readonly epoch: number;
  /** The last entry that it has received. */
  readonly last: string;
  /** Content of the opening event (JSON), where that is how it came. */
  readonly opening?: string;
  readonly room?: RoomId;
  readonly seat?: MemberSeat;
}

/** The session by which a user is in a call; `undefined` if the user no longer is. */
export interface CallLeg {
  readonly user: UserId;
  readonly by: SessionId | undefined;
  /** By which it must be noted until now; `*`: by the sender's, or as one that is rung; `undefined`: any or none. */
  readonly expected: SessionId | undefined;
}

/** A change in a room, as its members receive it. */
export interface RosterChange {
  /** Which user came or left; nobody, if the packet is only a list. */
  readonly about: UserId | undefined;
  readonly revision: number;
  /** Since which change that one has been there. */
  readonly since: number;
  /** The revision of which the packet tells. */
  readonly listed: number;
}
