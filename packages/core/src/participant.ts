import { type DialectName, RefusedError, type RoomId, type SessionId, type UserId } from "@switchyard/protocol";
import type { Control, Restored, Seat, Sender } from "@switchyard/store";

/**
 * What the node that holds a session believes of it. The truth is in Redis: every script that acts for a session checks the epoch,
 * and every message checks the place, so a belief that is out of date can only be refused.
 */
export class Participant {
  readonly session: SessionId;
  /** Empty until it is known, which at the root namespace can take until the first event. */
  dialect: DialectName | "";
  epoch: number;
  user: UserId | undefined;
  /** The content of its opening event (JSON), as long as that counts. */
  opening: string | undefined;
  readonly #seats = new Map<RoomId, Seat>();

  constructor(session: SessionId, dialect: DialectName | "", epoch: number) {
    this.session = session;
    this.dialect = dialect;
    this.epoch = epoch;
  }

  /** As whom it sends. */
  get sender(): Sender {
    return { session: this.session, epoch: this.epoch };
  }

  get rooms(): readonly RoomId[] {
    return [...this.#seats.keys()];
  }

  /** @throws RefusedError `not_joined` before its opening event */
  requireUser(): UserId {
    if (this.user === undefined) throw new RefusedError("not_joined");
    return this.user;
  }

  /** @throws RefusedError `room_not_found` if it isn't in that room */
  seatIn(room: RoomId): Seat {
    this.requireUser();
    const seat = this.#seats.get(room);
    if (seat === undefined) throw new RefusedError("room_not_found");
    return seat;
  }

  /** Takes over what Redis says. */
  restore({ epoch, record }: Restored): void {
    this.epoch = epoch;
    this.dialect = record.dialect;
    this.user = record.user;
    this.opening = record.opening;
    this.#seats.clear();
    for (const [room, seat] of record.seats) this.#seats.set(room, seat);
  }

  /** Takes over a change that came with a message. */
  apply(control: Control): void {
    if ("in" in control) this.#seats.set(control.in, control.seat);
    else if ("out" in control) this.#seats.delete(control.out);
    else if ("evicted" in control) {
      this.epoch = control.evicted;
      this.user = undefined;
      this.opening = undefined;
      this.#seats.clear();
    }
  }
}
