import type { CoreEvent, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type {
  CallLeg,
  Eviction,
  FeedSubscription,
  MemberSeating,
  PairSeat,
  RosterChange,
  Sender,
  TicketRef,
  Trace,
} from "@switchyard/store";

/** Whom an event is for. An address is a permission: a peer is reached only in a room that the sender is in too. */
export type Address =
  /** One participant, told by the cluster itself; with `holding`, only while it has that ticket, or its seat in that room. */
  | { readonly to: "session"; readonly session: SessionId; readonly holding?: TicketRef | RoomId }
  /** A peer of the sender in that room. */
  | { readonly to: "peer"; readonly room: RoomId; readonly session: SessionId; readonly from: Sender }
  /** Everyone connected in the dialect. */
  | { readonly to: "lobby" };

/**
 * The way from the use cases to participants. It knows how a dialect says things; the use cases don't. What changes a participant's
 * place and what it is told about it are one step, so these are verbs of their own.
 */
export interface Wire {
  /** The same way; what goes along it carries that trace. */
  withTrace(trace: Trace): Wire;
  /** Resolves when the event is safe in Redis: whether the addressed one is there. */
  send(address: Address, event: CoreEvent): Promise<boolean>;
  /** Tells several sessions in a room what one in it does; returns those that it did not reach. */
  sendToEach(
    sessions: readonly SessionId[],
    room: RoomId,
    from: Sender,
    event: CoreEvent,
  ): Promise<readonly SessionId[]>;
  /** Tells several sessions in a room what was said in it, by that revision of the room. Who was given it already hears nothing. */
  sendMessage(sessions: readonly SessionId[], room: RoomId, revision: number, event: CoreEvent): Promise<void>;
  /** Seats a session that is reserved for a room; `false` if it isn't reserved any more. Repeating it tells nothing. */
  seat(session: SessionId, room: RoomId, seat: PairSeat, event: CoreEvent): Promise<boolean>;
  /**
   * Seats a session in a room that it has entered; returns the rooms to be left for it, `outdated` if the event tells less than somebody
   * has announced, `undefined` if it can't be seated.
   */
  admit(
    session: SessionId,
    room: RoomId,
    seating: MemberSeating,
    event: CoreEvent,
  ): Promise<readonly RoomId[] | "outdated" | undefined>;
  /** Tells sessions of a change in their room; returns those that have had a newer list. Repeating it tells nothing. */
  sendChange(
    sessions: readonly SessionId[],
    room: RoomId,
    change: RosterChange,
    event: CoreEvent,
  ): Promise<readonly SessionId[]>;
  /**
   * Takes its seat in a room that clients name from a session, telling it why; returns up to which attempt the room is to be left,
   * `undefined` if there is nothing to leave.
   * @param epoch that holds it; without one only what has been taken from it already is found
   */
  depart(
    session: SessionId,
    room: RoomId,
    epoch: number | undefined,
    event: CoreEvent | undefined,
  ): Promise<number | "fenced" | undefined>;
  /** Tells a session where it stands in its dialect's feed; whether it is there to be told. */
  followFeed(session: SessionId, subscription: FeedSubscription, event: CoreEvent): Promise<boolean>;
  /** Notes by which session a user is in a call with this one, and tells this one; whether it was noted as it must be. */
  setCallLeg(
    session: SessionId,
    room: RoomId,
    from: Sender,
    leg: CallLeg,
    event: CoreEvent | undefined,
  ): Promise<boolean>;
  /** Takes a session out of a pair or the chatroom, telling it why, or nothing if it leaves of its own. Repeating it tells nothing. */
  unseat(session: SessionId, room: RoomId, event: CoreEvent | undefined): Promise<"out" | "reserved">;
  /** Takes the user from a session; `undefined` if the session is gone. */
  evict(session: SessionId, user: UserId, event: CoreEvent): Promise<Eviction | undefined>;
}
