import type { CoreEvent, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Seat, Sender, TicketRef } from "@switchyard/store";

/** Whom an event is for. An address is a permission: a peer is reached only in a room that the sender is in too. */
export type Address =
  /** One participant, told by the cluster itself; with `holding`, only while it has that ticket, or its seat in that room. */
  | { readonly to: "session"; readonly session: SessionId; readonly holding?: TicketRef | RoomId }
  /** A peer of the sender in that room. */
  | { readonly to: "peer"; readonly room: RoomId; readonly session: SessionId; readonly from: Sender }
  /** Everyone in that room, the sender included; `sessions` are those whom the room's own script named. */
  | { readonly to: "room"; readonly room: RoomId; readonly sessions: readonly SessionId[]; readonly from: Sender }
  /** Everyone connected in the dialect. */
  | { readonly to: "lobby" };

/**
 * The way from the use cases to participants. It knows how a dialect says things; the use cases don't. What changes a participant's
 * place and what it is told about it are one step, so these are verbs of their own.
 */
export interface Wire {
  /** Resolves when the event is safe in Redis: whether (for a room: all of) the addressed are there. */
  tell(address: Address, event: CoreEvent): Promise<boolean>;
  /** Seats a session that is reserved for a room; `false` if it isn't reserved any more. Repeating it tells nothing. */
  seat(session: SessionId, room: RoomId, seat: Seat, event: CoreEvent): Promise<boolean>;
  /** Takes a session out of a room, telling it why, or nothing if it leaves of its own. Repeating it tells nothing. */
  unseat(session: SessionId, room: RoomId, event: CoreEvent | undefined): Promise<"out" | "reserved">;
  /** Takes the user from a session; `undefined` if the session is gone. */
  evict(session: SessionId, user: UserId, event: CoreEvent): Promise<Eviction | undefined>;
}

export interface Eviction {
  /** The highest number that a ticket of the session can have. */
  readonly asks: number;
  /** Rooms that are to be left for it. */
  readonly rooms: readonly RoomId[];
}
