import type { RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { refusalOf, type StoreRefusal } from "../redis/refusal.ts";
import { Script } from "../redis/script.ts";
import { type PairSeat, type TicketRef, writeTicketRef } from "../session/session-record.ts";
import { type Trace, writeTrace } from "../trace.ts";
import type { Admission, Change, Following, Line, Sender } from "./outbox-acts.ts";

const deliver = new Script("outbox/deliver-event-2", { inOrder: true });
const share = new Script("outbox/deliver-message-2", { inOrder: true });
const tell = new Script("outbox/send-event-2");
const seat = new Script("outbox/seat-session-2");
const admit = new Script("outbox/admit-session-2");
const inform = new Script("outbox/deliver-change-2");
const follow = new Script("outbox/follow-feed-2");
const noteLine = new Script("outbox/set-call-leg-2");
const depart = new Script("outbox/depart-session-2");
const unseat = new Script("outbox/unseat-session-2");

/**
 * What is on its way to sessions. Every event gets the session's next number, is kept for recovery, and is published to the
 * session's own channel as `number \n control \n packet`: only the node that holds the session is woken. Rules O1–O12 of SPEC.md.
 * Packets are JSON array texts (`["event",…]`). With each goes the trace of what led to it, where there is one.
 */
export class Outboxes {
  readonly #db: Database;
  readonly #keep: number;

  /** @param keep how many events a session keeps for recovery; while it is detached, eight times as many */
  constructor(db: Database, keep: number) {
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
  ): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const { session, epoch } = from;
    return refusalOf(await this.#db.run(deliver, at, room, session, epoch, packet, this.#keep, writeTrace(trace)));
  }

  /** What was said in a room, by that revision of the room: who was given it when it came in, or will be, is not told again. */
  async share(
    to: SessionId,
    room: RoomId,
    packet: string,
    revision: number,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    return refusalOf(await this.#db.run(share, at, room, packet, this.#keep, revision, writeTrace(trace)));
  }

  /** From the cluster itself; with `holding`, only while the session still has that ticket, or its seat in that room. */
  async tell(
    to: SessionId,
    packet: string,
    holding?: TicketRef | RoomId,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const room = typeof holding === "string" ? holding : "";
    const ticket = typeof holding === "object" ? writeTicketRef(holding) : "";
    const args = [packet, this.#keep, ticket, room, writeTrace(trace)] as const;
    return refusalOf(await this.#db.run(tell, [keys.session(to), keys.outbox(to)], ...args));
  }

  /** Seats a session that is reserved for a room, and tells it. `absent` if it is not reserved any more. Repeatable. */
  async seat(
    to: SessionId,
    room: RoomId,
    place: PairSeat,
    packet: string,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const args = [room, JSON.stringify(place), packet, this.#keep, writeTrace(trace)] as const;
    return refusalOf(await this.#db.run(seat, at, ...args));
  }

  /**
   * Seats a session in a room that it has entered, and tells it. Returns the rooms that are to be left for it; `absent` if that attempt
   * counts no more, `outdated` if somebody has announced a change that is not in the packet. Repeating it tells it again.
   */
  async admit(
    to: SessionId,
    room: RoomId,
    place: Admission,
    packet: string,
    trace?: Trace,
  ): Promise<readonly RoomId[] | StoreRefusal> {
    const { seat, epoch, opening, attempt, listed, oneAtATime } = place;
    const at = [keys.session(to), keys.outbox(to)];
    const args = [room, JSON.stringify(seat), packet, this.#keep, epoch, opening ?? "", attempt, listed] as const;
    const answer = await this.#db.run(admit, at, ...args, oneAtATime ? 1 : 0, writeTrace(trace));
    return refusalOf(answer) ?? ((answer as [number, ...RoomId[]]).slice(1) as RoomId[]);
  }

  /** Tells a session of a change in its room, once; `outdated` if it has had a newer list than the one in the packet. */
  async inform(
    to: SessionId,
    room: RoomId,
    change: Change,
    packet: string,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const { about, revision, since, listed } = change;
    const args = [room, about ?? "", revision, listed, packet, this.#keep, since, writeTrace(trace)] as const;
    return refusalOf(await this.#db.run(inform, at, ...args));
  }

  /** Tells a session where it stands in its dialect's feed, and seats it in the room of all, if there is one. */
  async follow(to: SessionId, place: Following, packet: string, trace?: Trace): Promise<StoreRefusal | undefined> {
    const { epoch, last, opening, room, seat } = place;
    const at = [keys.session(to), keys.outbox(to)];
    const args = [
      epoch,
      last,
      packet,
      this.#keep,
      room ?? "",
      seat ? JSON.stringify(seat) : "",
      opening ?? "",
      writeTrace(trace),
    ] as const;
    return refusalOf(await this.#db.run(follow, at, ...args));
  }

  /** Notes by which session a user is in a call with this one, and tells this one. `absent` if it was not noted as it must be. */
  async line(
    to: SessionId,
    room: RoomId,
    from: Sender,
    line: Line,
    packet: string,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    const { user, by, until } = line;
    const args = [room, from.session, from.epoch, user, by ?? "", until ?? "", packet, this.#keep] as const;
    return refusalOf(await this.#db.run(noteLine, at, ...args, writeTrace(trace)));
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
  ): Promise<number | StoreRefusal> {
    const at = [keys.session(from), keys.outbox(from)];
    const args = [room, epoch ?? "", packet ?? "", this.#keep, writeTrace(trace)] as const;
    const answer = await this.#db.run(depart, at, ...args);
    return refusalOf(answer) ?? (answer as number);
  }

  /** Takes a session out of a pair or the chatroom; `packet` tells it why (`undefined`: it leaves of its own). `reserved` if it has no seat yet. */
  async unseat(
    to: SessionId,
    room: RoomId,
    packet: string | undefined,
    trace?: Trace,
  ): Promise<StoreRefusal | undefined> {
    const args = [room, packet ?? "", this.#keep, writeTrace(trace)] as const;
    return refusalOf(await this.#db.run(unseat, [keys.session(to), keys.outbox(to)], ...args));
  }
}
