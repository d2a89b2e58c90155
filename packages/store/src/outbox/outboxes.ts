import type { RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { appendedOf, errorCodeOf, type Repeated, type StoreErrorCode } from "../redis/script-errors.ts";
import { type PairSeat, type TicketRef, writeTicketRef } from "../session/session-record.ts";
import { type Trace, writeTrace } from "../trace.ts";
import type { CallLeg, FeedSubscription, Leased, MemberSeating, RosterChange, Sender } from "./outbox-arguments.ts";
import { type Departure, readDeparture, readSeated, type Seated } from "./outbox-replies.ts";

const deliver = new Script("outbox/deliver-event-2", { inOrder: true });
const deliverMessage = new Script("outbox/deliver-message-2", { inOrder: true });
const send = new Script("outbox/send-event-2");
const announceWait = new Script("outbox/announce-wait-2");
const seatSession = new Script("outbox/seat-session-2");
const admitMember = new Script("outbox/admit-session-2");
const deliverChange = new Script("outbox/deliver-change-2");
const followFeed = new Script("outbox/follow-feed-2");
const setCallLeg = new Script("outbox/set-call-leg-2");
const depart = new Script("outbox/depart-session-2");
const unseatSession = new Script("outbox/unseat-session-2");

/**
 * The outboxes of sessions. Every event gets the session's next number, is kept for recovery, and is published to the
 * session's own channel as `number \n control \n packet`: only the node that holds the session receives it. Rules O1–O18 of
 * SPEC.md. Packets are JSON array texts; with each goes the trace of what led to it. A `reference` is kept in a packet's place.
 */
export class Outboxes {
  readonly #db: Database;
  readonly #keep: string;

  /** @param keep how much a session keeps, as `writeOutboxBounds` writes it */
  constructor(db: Database, keep: string) {
    this.#db = db;
    this.#keep = keep;
  }

  /** From a peer: reaches only a session in that room. One Redis command, no read. */
  async deliver(
    to: SessionId,
    room: RoomId,
    from: Sender,
    packet: string,
    trace?: Trace,
  ): Promise<StoreErrorCode | undefined> {
    const { session, epoch, lease = "", user = "", entry = "" } = from;
    const args = [room, session, epoch, packet, this.#keep, writeTrace(trace), lease, user, entry] as const;
    return errorCodeOf(await this.#db.run(deliver, [keys.session(to), keys.outbox(to)], ...args));
  }

  /** A chat message of a room, by its revision of the room: a session that received it on entering, or will, does not receive it again. */
  async deliverMessage(
    to: SessionId,
    room: RoomId,
    packet: string,
    revision: number,
    trace?: Trace,
    { lease }: Leased = {},
    reference = "",
  ): Promise<StoreErrorCode | Repeated | undefined> {
    const args = [room, packet, this.#keep, revision, writeTrace(trace), lease ?? "", reference] as const;
    return appendedOf(await this.#db.run(deliverMessage, [keys.session(to), keys.outbox(to)], ...args));
  }

  /** From the cluster itself; with a room, only while the session still has its seat there. */
  async send(
    to: SessionId,
    packet: string,
    room: RoomId = "",
    trace?: Trace,
    { lease }: Leased = {},
  ): Promise<StoreErrorCode | undefined> {
    const args = [packet, this.#keep, room, writeTrace(trace), lease ?? ""] as const;
    return errorCodeOf(await this.#db.run(send, [keys.session(to), keys.outbox(to)], ...args));
  }

  /** Announces to a session that it waits with that ticket, once for each request; `again`: once more, if it was announced. */
  async announceWait(
    to: SessionId,
    ticket: TicketRef,
    packet: string,
    again: boolean,
    trace?: Trace,
  ): Promise<StoreErrorCode | undefined> {
    const args = [packet, this.#keep, writeTicketRef(ticket), again ? 1 : "", writeTrace(trace)] as const;
    return errorCodeOf(await this.#db.run(announceWait, [keys.session(to), keys.outbox(to)], ...args));
  }

  /**
   * Seats a session that is reserved for a room, and sends it the event; before it, in the same step, `waiting`, unless
   * that was announced. Returns whether that was sent; `absent` if it is no longer reserved. Repeatable.
   */
  async seat(
    to: SessionId,
    room: RoomId,
    seat: PairSeat,
    packet: string,
    trace?: Trace,
    waiting = "",
  ): Promise<Seated | StoreErrorCode> {
    const at = [keys.session(to), keys.outbox(to)];
    const args = [room, JSON.stringify(seat), packet, this.#keep, writeTrace(trace), waiting] as const;
    return readSeated(await this.#db.run(seatSession, at, ...args));
  }

  /**
   * Seats a session in a room that it has entered, and sends it the event. Returns the rooms that it has to leave for
   * it; `absent` if that attempt is no longer valid, `outdated` if a change was announced that is not in the packet. A
   * repetition sends the event again.
   */
  async admit(
    to: SessionId,
    room: RoomId,
    seating: MemberSeating,
    packet: string,
    trace?: Trace,
    reference = "",
  ): Promise<readonly RoomId[] | StoreErrorCode> {
    const { seat, epoch, opening, attempt, listed, members, oneAtATime } = seating;
    const at = [keys.session(to), keys.outbox(to)];
    const args = [room, JSON.stringify(seat), packet, this.#keep, epoch, opening ?? "", attempt, listed] as const;
    const listing = members.flatMap(({ user, revision }) => [user, revision]);
    const more = [oneAtATime ? 1 : 0, writeTrace(trace), reference, ...listing] as const;
    const answer = await this.#db.run(admitMember, at, ...args, ...more);
    return errorCodeOf(answer) ?? ((answer as [number, ...RoomId[]]).slice(1) as RoomId[]);
  }

  /** Tells a session of a change in its room, once; `outdated` if it has had a newer list than the packet's. An empty packet only notes it. */
  async deliverChange(
    to: SessionId,
    room: RoomId,
    change: RosterChange,
    packet: string,
    trace?: Trace,
    reference = "",
  ): Promise<StoreErrorCode | Repeated | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const { about, revision, since, listed } = change;
    const args = [room, about ?? "", revision, listed, packet, this.#keep, since, writeTrace(trace)] as const;
    return appendedOf(await this.#db.run(deliverChange, at, ...args, reference));
  }

  /** Tells a session where it stands in its dialect's feed, and seats it in the room of all, if there is one. */
  async followFeed(
    to: SessionId,
    subscription: FeedSubscription,
    packet: string,
    trace?: Trace,
    reference = "",
  ): Promise<StoreErrorCode | undefined> {
    const { epoch, last, opening, room, seat } = subscription;
    const at = [keys.session(to), keys.outbox(to)];
    const place = [room ?? "", seat ? JSON.stringify(seat) : "", opening ?? ""] as const;
    const args = [epoch, last, packet, this.#keep, ...place, writeTrace(trace), reference] as const;
    return errorCodeOf(await this.#db.run(followFeed, at, ...args));
  }

  /** Notes by which session a user is in a call with this one, and tells this one. `absent` if it was not noted as it must be. */
  async setCallLeg(
    to: SessionId,
    room: RoomId,
    from: Sender,
    leg: CallLeg,
    packet: string,
    trace?: Trace,
  ): Promise<StoreErrorCode | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const { user, by, expected } = leg;
    const args = [room, from.session, from.epoch, user, by ?? "", expected ?? "", packet, this.#keep] as const;
    return errorCodeOf(await this.#db.run(setCallLeg, at, ...args, writeTrace(trace), from.lease ?? ""));
  }

  /**
   * Takes its seat in a room that clients name from a session, or its intent to enter one, and tells it: by the epoch that holds it, or
   * (`undefined`) when it is ending. Returns up to which attempt the room is to be left, also where that was taken before.
   */
  async depart(
    from: SessionId,
    room: RoomId,
    epoch: number | undefined,
    packet: string | undefined,
    trace?: Trace,
  ): Promise<Departure | StoreErrorCode> {
    const at = [keys.session(from), keys.outbox(from)];
    const args = [room, epoch ?? "", packet ?? "", this.#keep, writeTrace(trace)] as const;
    return readDeparture(await this.#db.run(depart, at, ...args));
  }

  /** Takes a session out of a pair or the chatroom; `packet` tells it why (`undefined`: it leaves of its own). `reserved` if it has no seat yet, `absent` if it isn't in that room. */
  async unseat(
    to: SessionId,
    room: RoomId,
    packet: string | undefined,
    trace?: Trace,
  ): Promise<StoreErrorCode | undefined> {
    const args = [room, packet ?? "", this.#keep, writeTrace(trace), this.#db.clock.now()] as const;
    const answer = await this.#db.run(unseatSession, [keys.session(to), keys.outbox(to)], ...args);
    return answer === 0 ? "absent" : errorCodeOf(answer);
  }
}
