import { type DialectName, RequestError, type RoomId, type SessionId, type UserId } from "@switchyard/protocol";
import type { Control, MemberSeat, PairSeat, Restored, Seat, Sender } from "@switchyard/store";
import type { Bearer, Origin } from "./context.ts";
import { PeerRoute } from "./peer-route.ts";

/** Stands in a session's line to a user for all connections of that user: it rings them, and none has answered yet. */
export const RINGING: SessionId = "*";

/** A node's lease for as long as it is renewed in time: `until` grows with each renewal. */
export interface LeaseTerm {
  readonly until: number;
}

/**
 * Cached state of a session, on the node that holds it. The truth is in Redis: every script that acts for a session checks the epoch,
 * and every message checks the seat, so a command by state that is out of date can only be refused.
 */
export class Participant {
  readonly session: SessionId;
  /** Empty until it is known, which at the root namespace can take until the first event. */
  dialect: DialectName | "";
  epoch: number;
  #user: UserId | undefined;
  /** Called when it stands for another user, or no longer for one. */
  onUser: (() => void) | undefined;
  /** The content of its opening event (JSON), as long as that counts. */
  opening: string | undefined;
  /** Whether its client wants a copy of its own messages, as it said when the session was opened. */
  echoes = false;
  /** When it asked for a partner (`performance.now()`), if it did so here and has not received one since. */
  waitingSince: number | undefined;
  /** The claims of its connection's token; `undefined` where no token is asked for. */
  bearer: Bearer | undefined;
  /** The term of the node's lease in which the session was opened, taken over or last compared with Redis. */
  lease: LeaseTerm | undefined;
  /** The network of its connection's address, as `networkOf` writes it; `undefined` where that is not known. */
  network: string | undefined;
  /** Refuses a user that it may not stand for, whatever its token says, by throwing. */
  guard: ((participant: Participant, user: UserId) => void) | undefined;
  // made when they are needed: a node holds thousands who are nowhere
  #callLegs: Map<UserId, readonly SessionId[]> | undefined;
  #seats: Map<RoomId, Seat> | undefined;
  #routes: Map<string, PeerRoute> | undefined;

  constructor(session: SessionId, dialect: DialectName | "", epoch: number) {
    this.session = session;
    this.dialect = dialect;
    this.epoch = epoch;
  }

  /** The user that it stands for. */
  get user(): UserId | undefined {
    return this.#user;
  }

  set user(user: UserId | undefined) {
    if (user === this.#user) return;
    this.#user = user;
    this.onUser?.();
  }

  /** As whom it sends, and claims what it claims. */
  get sender(): Sender {
    return { session: this.session, epoch: this.epoch, lease: this.lease?.until };
  }

  get origin(): Origin {
    return { network: this.network, cohort: this.bearer?.cohort };
  }

  /** As whom it sends to others in a room in which it is as a user: in any but a pair. */
  senderIn(room: RoomId): Sender {
    const { user, entry } = this.memberIn(room) ?? {};
    return { session: this.session, epoch: this.epoch, lease: this.lease?.until, user, entry };
  }

  /** By which sessions each user is in a call with it: one, or all that it rang. */
  get callLegs(): Map<UserId, readonly SessionId[]> {
    this.#callLegs ??= new Map();
    return this.#callLegs;
  }

  get rooms(): readonly RoomId[] {
    return [...(this.#seats?.keys() ?? [])];
  }

  /** @throws RequestError `not_joined` before its opening event */
  requireUser(): UserId {
    if (this.user === undefined) throw new RequestError("not_joined");
    return this.user;
  }

  /**
   * Checks the user of an opening event against the bans, and its claims against the token, where there is one.
   * @param room as the client names it
   * @throws RequestError `unauthorized`; `banned`
   */
  authorize(user: UserId, room?: string): void {
    this.guard?.(this, user);
    if (this.bearer === undefined) return;
    const mayStandFor = this.bearer.user === user;
    const mayEnter = room === undefined || this.bearer.room === undefined || this.bearer.room === room;
    if (!mayStandFor || !mayEnter) throw new RequestError("unauthorized");
  }

  /** @throws RequestError `room_not_found` if it isn't beside a partner in that room */
  pairIn(room: RoomId): PairSeat {
    this.requireUser();
    const seat = this.#seats?.get(room);
    if (seat?.kind !== "pair") throw new RequestError("room_not_found");
    return seat;
  }

  /**
   * The pair that it means: the one that it names, or the only one that it is in.
   * @throws RequestError `not_joined` before its opening event; `room_not_found` if it is in none, or in another one
   */
  pairRoom(named: RoomId | null | undefined): RoomId {
    this.requireUser();
    const room = named ?? this.rooms[0];
    if (room === undefined) throw new RequestError("room_not_found");
    this.pairIn(room);
    return room;
  }

  /** Its place in a match, call or meeting; `undefined` if it isn't in that one. */
  memberIn(room: RoomId): MemberSeat | undefined {
    const seat = this.#seats?.get(room);
    return seat?.kind === "member" ? seat : undefined;
  }

  /** The way to one of its peers, which keeps what goes there in order. */
  routeTo(peer: string): PeerRoute {
    const known = this.knownRouteTo(peer);
    if (known) return known;
    const route = new PeerRoute();
    this.#routes ??= new Map();
    this.#routes.set(peer, route);
    return route;
  }

  /** The same, if there is one already. */
  knownRouteTo(peer: string): PeerRoute | undefined {
    return this.#routes?.get(peer);
  }

  /** Forgets a way that leads nowhere. */
  dropRoute(peer: string): void {
    if (this.#routes?.get(peer)?.isIdle) this.#routes.delete(peer);
  }

  /** It goes on with the connection of another one. */
  inherit({ bearer, network, guard }: Participant): void {
    Object.assign(this, { bearer, network, guard });
  }

  /** Takes over what Redis says. */
  restore({ epoch, record }: Restored): void {
    this.epoch = epoch;
    this.dialect = record.dialect;
    this.user = record.user;
    this.opening = record.opening;
    this.echoes = record.echoes;
    this.#seats = record.seats.size === 0 ? undefined : new Map(record.seats);
    this.#callLegs = undefined;
    for (const [user, by] of record.callLegs) this.#setCallLeg(user, by);
  }

  /** Takes over a change that came with a message. */
  apply(control: Control): void {
    if ("line" in control) this.#setCallLeg(control.line, control.by);
    else if ("in" in control) this.#enter(control.in, control.seat);
    else if ("out" in control) this.#leave(control.out);
    else if ("evicted" in control) {
      this.epoch = control.evicted;
      this.user = undefined;
      this.opening = undefined;
      this.#seats = undefined;
      this.#routes = undefined;
    }
  }

  #setCallLeg(user: UserId, by: SessionId | ""): void {
    if (by === "") this.callLegs.delete(user);
    else if (by !== RINGING) this.callLegs.set(user, [by]);
  }

  #enter(room: RoomId, seat: Seat): void {
    this.#seats ??= new Map();
    this.#seats.set(room, seat);
  }

  #leave(room: RoomId): void {
    this.#seats?.delete(room);
    if (this.#seats?.size) return;
    this.#seats = undefined;
    this.#routes = undefined;
  }
}
