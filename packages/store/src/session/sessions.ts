import type { DialectName, NodeId, RoomId, SessionId, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { refusalOf, type StoreRefusal } from "../redis/refusal.ts";
import { Script } from "../redis/script.ts";
import { type Trace, writeTrace } from "../trace.ts";
import {
  type Aim,
  type Asked,
  type Claim,
  type Detached,
  type Evicted,
  type Note,
  type Released,
  type Restored,
  readAsked,
  readDetached,
  readEvicted,
  readRestored,
  readWithdrawn,
  type Withdrawn,
} from "./session-answers.ts";
import { SessionReader } from "./session-reader.ts";
import { readSessionRecord, type SessionRecord, type TicketRef, writeTicketRef } from "./session-record.ts";

const open = new Script("session/open-session-1");
const adopt = new Script("session/set-dialect-1");
const adoptUser = new Script("session/set-user-1");
const resume = new Script("session/resume-session-2");
const check = new Script("session/reconcile-session-2");
const detach = new Script("session/detach-session-1");
const end = new Script("session/end-session-1");
const leave = new Script("session/disconnect-session-2");
const discard = new Script("session/discard-session-2");
const evict = new Script("session/evict-session-2");
const ask = new Script("session/request-ticket-1");
const withdraw = new Script("session/withdraw-ticket-1");
const claim = new Script("session/reserve-session-1");
const release = new Script("session/release-session-1");
const aim = new Script("session/begin-entry-1");
const settleDeparture = new Script("session/forget-room-1");
const noteChange = new Script("session/note-change-1");
const settleChange = new Script("session/clear-change-1");
const unreserve = new Script("session/forget-reservation-1");

/** One participant across reconnects and nodes. Rules S1–S15 of SPEC.md. */
export class Sessions extends SessionReader {
  readonly #db: Database;
  readonly #keep: number;

  /** @param keep how many events a session keeps for recovery */
  constructor(db: Database, keep: number) {
    super(db);
    this.#db = db;
    this.#keep = keep;
  }

  /**
   * Opens a session in epoch 1; `false` if the id is taken.
   * @param bearer whom the token is for that it is opened with
   */
  async open(
    id: SessionId,
    dialect: DialectName | "",
    secret: string,
    node: NodeId,
    bearer: UserId = "",
  ): Promise<boolean> {
    return (await this.#db.run(open, [keys.session(id)], dialect, secret, node, this.#db.clock.now(), bearer)) === 1;
  }

  async adoptDialect(id: SessionId, dialect: DialectName, epoch: number): Promise<StoreRefusal | undefined> {
    return refusalOf(await this.#db.run(adopt, [keys.session(id)], dialect, epoch));
  }

  /**
   * Notes whom a session stands for; to be done before the user is claimed for it.
   * @param released whom it stood for until now, and has been released
   */
  async adoptUser(
    id: SessionId,
    user: UserId,
    released: UserId | undefined,
    epoch: number,
  ): Promise<StoreRefusal | undefined> {
    return refusalOf(await this.#db.run(adoptUser, [keys.session(id)], user, released ?? "", epoch));
  }

  /** Takes a session over for a node. Refused with `unknown`, `wrongSecret` or `gap`; then nothing has changed. */
  async resume(id: SessionId, secret: string, offset: number, node: NodeId): Promise<Restored | StoreRefusal> {
    return readRestored(await this.#db.run(resume, [keys.session(id), keys.outbox(id)], secret, offset, node));
  }

  /** Compares a node's belief with the truth. Refused with `unknown`, `fenced` or `gap`: then the node must let go. */
  async check(id: SessionId, epoch: number, lastNumber: number): Promise<Restored | StoreRefusal> {
    return readRestored(await this.#db.run(check, [keys.session(id), keys.outbox(id)], epoch, lastNumber));
  }

  /** Starts the grace of a session that lost its connection, or (epoch `undefined`) its node. */
  async detach(
    id: SessionId,
    node: NodeId,
    epoch: number | undefined,
    deadline: number,
  ): Promise<Detached | StoreRefusal> {
    return readDetached(await this.#db.run(detach, [keys.session(id)], node, epoch ?? "", deadline));
  }

  /** Begins a session's end: by its node (epoch), or (`undefined`) because its deadline has passed. Repeatable. */
  async end(id: SessionId, epoch: number | undefined): Promise<SessionRecord | StoreRefusal> {
    const answer = await this.#db.run(end, [keys.session(id)], epoch ?? "", this.#db.clock.now());
    return refusalOf(answer) ?? readSessionRecord(answer as string[]);
  }

  /** Begins the end of a session whose client said goodbye, on whatever connection and whoever holds it now. Repeatable. */
  async leave(id: SessionId): Promise<SessionRecord | StoreRefusal> {
    const answer = await this.#db.run(leave, [keys.session(id), keys.outbox(id)]);
    return refusalOf(answer) ?? readSessionRecord(answer as string[]);
  }

  /** Removes a session whose end was carried out. */
  async discard(id: SessionId): Promise<void> {
    await this.#db.run(discard, [keys.session(id), keys.outbox(id)]);
  }

  /** Takes the user from a session and tells it. Repeatable until the rooms it was in have been left. */
  async evict(id: SessionId, user: UserId, packet: string, trace?: Trace): Promise<Evicted | StoreRefusal> {
    const args = [packet, this.#keep, user, writeTrace(trace)] as const;
    const answer = await this.#db.run(evict, [keys.session(id), keys.outbox(id)], ...args);
    return readEvicted(answer);
  }

  /** Notes the intent to wait in a queue, and to leave whatever room it is in. */
  async ask(id: SessionId, epoch: number, queue: string, user: UserId, opening: string): Promise<Asked | StoreRefusal> {
    const answer = await this.#db.run(ask, [keys.session(id)], epoch, queue, user, opening);
    return readAsked(queue, answer);
  }

  /** Takes the intent to wait back. */
  async withdraw(id: SessionId, epoch: number): Promise<Withdrawn | StoreRefusal> {
    const answer = await this.#db.run(withdraw, [keys.session(id)], epoch);
    return readWithdrawn(answer);
  }

  /** Reserves a session for a room; `again` (JSON) is what it takes to queue it anew. Repeatable. */
  async claim(id: SessionId, room: RoomId, ticket: TicketRef, again: string): Promise<Claim> {
    const answer = await this.#db.run(claim, [keys.session(id)], room, writeTicketRef(ticket), again);
    if (refusalOf(answer)) return { outcome: "gone" };
    return { outcome: answer === 1 ? "reserved" : "away" };
  }

  /** Begins to undo a reservation; `undefined` if there is none. To be queued again, then `unreserve`d. Repeatable till then. */
  async release(id: SessionId, room: RoomId): Promise<Released | undefined> {
    const answer = await this.#db.run(release, [keys.session(id)], room);
    if (refusalOf(answer)) return undefined;
    const [number, epoch, connected, again] = answer as [number, number, number, string];
    return { stamp: { number, epoch, connected: connected === 1 }, again };
  }

  /** Forgets a reservation that was undone. */
  async unreserve(id: SessionId, room: RoomId): Promise<void> {
    await this.#db.run(unreserve, [keys.session(id)], room);
  }

  /** Notes the intent to enter a room; `leaving` if it is to be left first. */
  async aim(id: SessionId, epoch: number, room: RoomId): Promise<Aim | "leaving" | StoreRefusal> {
    const answer = await this.#db.run(aim, [keys.session(id)], epoch, room);
    if (answer === 0) return "leaving";
    const refusal = refusalOf(answer);
    if (refusal) return refusal;
    const [attempt, seated, note] = answer as [number, number, number];
    return { attempt, isSeated: seated === 1, note: note || undefined };
  }

  /** A room has been left for good, up to that attempt, or could not be entered by it. */
  async left(id: SessionId, room: RoomId, attempt: number): Promise<void> {
    await this.#db.run(settleDeparture, [keys.session(id)], room, attempt);
  }

  /** Notes that the others in its room are to be told of a change of its own, until they have been. */
  async noteChange(id: SessionId, epoch: number, room: RoomId): Promise<Note | StoreRefusal> {
    const answer = await this.#db.run(noteChange, [keys.session(id)], epoch, room);
    const refusal = refusalOf(answer);
    if (refusal) return refusal;
    const [number, earlier] = answer as [number, number];
    return { number, isSecond: earlier === 1 };
  }

  /** All in a room have been told of a session's change. */
  async announced(id: SessionId, room: RoomId, note: number): Promise<void> {
    await this.#db.run(settleChange, [keys.session(id)], room, note);
  }
}
