import type { DialectName, NodeId, RoomId, SessionId, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import { type Trace, writeTrace } from "../trace.ts";
import { SessionNotes } from "./session-notes.ts";
import {
  type RecoveringUser,
  readSessionRecord,
  type SessionOptions,
  type SessionRecord,
  type TicketRef,
  writeTicketRef,
} from "./session-record.ts";
import {
  type ChangeNote,
  type Detached,
  type EntryAttempt,
  type Eviction,
  type ReleasedReservation,
  type RequestedTicket,
  type ReservationResult,
  type Restored,
  readChangeNote,
  readDetached,
  readEntryAttempt,
  readEviction,
  readReleasedReservation,
  readRequestedTicket,
  readRestored,
  readWithdrawnTicket,
  type WithdrawnTicket,
} from "./session-replies.ts";

const open = new Script("session/open-session-1");
const resume = new Script("session/resume-session-2");
const reconcile = new Script("session/reconcile-session-2");
const detach = new Script("session/detach-session-1");
const end = new Script("session/end-session-1");
const disconnect = new Script("session/disconnect-session-2");
const discard = new Script("session/discard-session-2");
const evict = new Script("session/evict-session-2");
const requestTicket = new Script("session/request-ticket-1");
const withdrawTicket = new Script("session/withdraw-ticket-1");
const reserve = new Script("session/reserve-session-1");
const releaseReservation = new Script("session/release-session-1");
const beginEntry = new Script("session/begin-entry-1");
const forgetRoom = new Script("session/forget-room-1");
const noteChange = new Script("session/note-change-1");
const clearChange = new Script("session/clear-change-1");
const forgetReservation = new Script("session/forget-reservation-1");

/** One participant across reconnects and nodes. Rules S1–S16 of SPEC.md. */
export class Sessions extends SessionNotes {
  readonly #db: Database;
  readonly #keep: string;

  /** @param keep how much a session keeps, as `writeOutboxBounds` writes it */
  constructor(db: Database, keep: string) {
    super(db);
    this.#db = db;
    this.#keep = keep;
  }

  /**
   * Opens a session in epoch 1; `false` if the id is taken.
   * @throws LeaseOverError
   */
  async open(
    id: SessionId,
    dialect: DialectName | "",
    secret: string,
    node: NodeId,
    { bearer = "", echoes = false, recoversByUser = false, lastNumber = 0, network = "", lease }: SessionOptions = {},
  ): Promise<boolean> {
    const args = [dialect, secret, node, this.#db.clock.now(), bearer, echoes ? 1 : ""] as const;
    const more = [recoversByUser ? 1 : "", lastNumber, network, lease ?? ""] as const;
    return (await this.#db.run(open, [keys.session(id)], ...args, ...more)) === 1;
  }

  /** Takes a session over for a node. Refused with `unknown`, `wrongSecret` or `gap`; then nothing has changed. */
  async resume(
    id: SessionId,
    by: string | RecoveringUser,
    offset: number,
    node: NodeId,
  ): Promise<Restored | StoreErrorCode> {
    const [secret, user, bearer = ""] = typeof by === "string" ? [by, ""] : ["", by.user, by.bearer];
    const at = [keys.session(id), keys.outbox(id)];
    return readRestored(await this.#db.run(resume, at, secret, offset, node, user, bearer));
  }

  /** Compares a node's cached state with Redis. On `unknown`, `fenced` or `gap` the node must drop the session. */
  async reconcile(id: SessionId, epoch: number, lastNumber: number): Promise<Restored | StoreErrorCode> {
    return readRestored(await this.#db.run(reconcile, [keys.session(id), keys.outbox(id)], epoch, lastNumber));
  }

  /** Starts the grace of a session that lost its connection, or (epoch `undefined`) its node. */
  async detach(
    id: SessionId,
    node: NodeId,
    epoch: number | undefined,
    deadline: number,
  ): Promise<Detached | StoreErrorCode> {
    return readDetached(await this.#db.run(detach, [keys.session(id)], node, epoch ?? "", deadline));
  }

  /** Begins a session's end: by its node (epoch), or (`undefined`) because its deadline has passed. Repeatable. */
  async end(id: SessionId, epoch: number | undefined): Promise<SessionRecord | StoreErrorCode> {
    const answer = await this.#db.run(end, [keys.session(id)], epoch ?? "", this.#db.clock.now());
    return errorCodeOf(answer) ?? readSessionRecord(answer as string[]);
  }

  /** Begins the end of a session whose client disconnected, whichever node holds it now. Repeatable. */
  async disconnect(id: SessionId): Promise<SessionRecord | StoreErrorCode> {
    const answer = await this.#db.run(disconnect, [keys.session(id), keys.outbox(id)]);
    return errorCodeOf(answer) ?? readSessionRecord(answer as string[]);
  }

  /** Removes a session whose end was carried out. */
  async discard(id: SessionId): Promise<void> {
    await this.#db.run(discard, [keys.session(id), keys.outbox(id)]);
  }

  /** Takes the user from a session and tells it. Repeatable until the rooms it was in have been left. */
  async evict(id: SessionId, user: UserId, packet: string, trace?: Trace): Promise<Eviction | StoreErrorCode> {
    const args = [packet, this.#keep, user, writeTrace(trace)] as const;
    return readEviction(await this.#db.run(evict, [keys.session(id), keys.outbox(id)], ...args));
  }

  /** Notes the intent to wait in a queue, and to leave whatever room it is in. */
  async requestTicket(
    id: SessionId,
    epoch: number,
    queue: string,
    user: UserId,
    opening: string,
  ): Promise<RequestedTicket | StoreErrorCode> {
    const args = [epoch, queue, user, opening, this.#db.clock.now()] as const;
    return readRequestedTicket(queue, await this.#db.run(requestTicket, [keys.session(id)], ...args));
  }

  /** Takes the intent to wait back. */
  async withdrawTicket(id: SessionId, epoch: number): Promise<WithdrawnTicket | StoreErrorCode> {
    return readWithdrawnTicket(await this.#db.run(withdrawTicket, [keys.session(id)], epoch));
  }

  /** Reserves a session for a room; `again` (JSON) is what it takes to queue it anew. Repeatable. */
  async reserve(id: SessionId, room: RoomId, ticket: TicketRef, undo: string): Promise<ReservationResult> {
    const answer = await this.#db.run(reserve, [keys.session(id)], room, writeTicketRef(ticket), undo);
    if (errorCodeOf(answer)) return { outcome: "gone" };
    return { outcome: answer === 1 ? "reserved" : "away" };
  }

  /** Begins to undo a reservation; `undefined` if there is none. To be queued again, then `unreserve`d. Repeatable till then. */
  async releaseReservation(id: SessionId, room: RoomId): Promise<ReleasedReservation | undefined> {
    return readReleasedReservation(await this.#db.run(releaseReservation, [keys.session(id)], room));
  }

  /** Forgets a reservation that was undone. */
  async forgetReservation(id: SessionId, room: RoomId): Promise<void> {
    await this.#db.run(forgetReservation, [keys.session(id)], room);
  }

  /** Notes the intent to enter a room; `leaving` if it is to be left first. */
  async beginEntry(id: SessionId, epoch: number, room: RoomId): Promise<EntryAttempt | "leaving" | StoreErrorCode> {
    return readEntryAttempt(await this.#db.run(beginEntry, [keys.session(id)], epoch, room));
  }

  /** A room has been left for good, up to that attempt, or could not be entered by it. */
  async forgetRoom(id: SessionId, room: RoomId, attempt: number): Promise<void> {
    await this.#db.run(forgetRoom, [keys.session(id)], room, attempt);
  }

  /** Notes that the other members of its room have to be notified of a change of its own. */
  async noteChange(id: SessionId, epoch: number, room: RoomId): Promise<ChangeNote | StoreErrorCode> {
    return readChangeNote(await this.#db.run(noteChange, [keys.session(id)], epoch, room));
  }

  /** Clears that note: all members of a room have been notified of the session's change. */
  async clearChange(id: SessionId, room: RoomId, note: number): Promise<void> {
    await this.#db.run(clearChange, [keys.session(id)], room, note);
  }
}
