import type { RoomId, SessionId } from "@switchyard/protocol";
import type { Database } from "./database.ts";
import { keys } from "./keys.ts";
import { refusalOf, type StoreRefusal } from "./refusal.ts";
import { Script } from "./script.ts";
import { type Seat, type TicketRef, writeTicketRef } from "./session-record.ts";

const deliver = new Script("deliver-2", { inOrder: true });
const tell = new Script("tell-2");
const seat = new Script("seat-session-2");
const unseat = new Script("unseat-session-2");

/** Who sends: the session and the epoch in which its node holds it. */
export interface Sender {
  readonly session: SessionId;
  readonly epoch: number;
}

/**
 * What is on its way to sessions. Every event gets the session's next number, is kept for recovery, and is published to the
 * session's own channel as `number \n control \n packet`: only the node that holds the session is woken. Rules O1–O8 of SPEC.md.
 * Packets are JSON array texts (`["event",…]`).
 */
export class Outboxes {
  readonly #db: Database;
  readonly #keep: number;

  /** @param keep how many events a session keeps for recovery */
  constructor(db: Database, keep: number) {
    this.#db = db;
    this.#keep = keep;
  }

  /** From a peer: reaches only a session in that room. One Redis command, no read. */
  async deliver(to: SessionId, room: RoomId, from: Sender, packet: string): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    return refusalOf(await this.#db.run(deliver, at, room, from.session, from.epoch, packet, this.#keep));
  }

  /** From the cluster itself; with `holding`, only while the session still has that ticket, or its seat in that room. */
  async tell(to: SessionId, packet: string, holding?: TicketRef | RoomId): Promise<StoreRefusal | undefined> {
    const room = typeof holding === "string" ? holding : "";
    const ticket = typeof holding === "object" ? writeTicketRef(holding) : "";
    return refusalOf(await this.#db.run(tell, [keys.session(to), keys.outbox(to)], packet, this.#keep, ticket, room));
  }

  /** Seats a session that is reserved for a room, and tells it. `absent` if it is not reserved any more. Repeatable. */
  async seat(to: SessionId, room: RoomId, place: Seat, packet: string): Promise<StoreRefusal | undefined> {
    const at = [keys.session(to), keys.outbox(to)];
    return refusalOf(await this.#db.run(seat, at, room, JSON.stringify(place), packet, this.#keep));
  }

  /** Takes a session out of a room; `packet` tells it why (`undefined`: it leaves of its own). `reserved` if it has no seat yet. */
  async unseat(to: SessionId, room: RoomId, packet: string | undefined): Promise<StoreRefusal | undefined> {
    return refusalOf(await this.#db.run(unseat, [keys.session(to), keys.outbox(to)], room, packet ?? "", this.#keep));
  }
}
