import type { Address, Wire } from "@switchyard/core";
import type { CoreEvent, CoreEventType, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type {
  CallLeg,
  Eviction,
  FeedSubscription,
  MemberSeating,
  PairSeat,
  RosterChange,
  Sender,
  Store,
  StoreErrorCode,
  Trace,
} from "@switchyard/store";
import { type Dialect, packetOf } from "./dialect.ts";

/** Told of every event that sessions were to be told: its type, how many it was for, and how many of them were there. */
export type DeliveryObserver = (
  type: CoreEventType,
  wanted: number,
  reached: number,
  /** Where to, if it was for one session: told by a peer, or by the cluster itself. */
  to?: Exclude<Address, { to: "lobby" }>,
) => void;

/** What became of an event for one session. */
export interface Delivery {
  readonly trace: Trace | undefined;
  readonly type: CoreEventType;
  readonly session: SessionId;
  readonly room: RoomId | undefined;
  /** `delivered`, or why not. */
  readonly outcome: "delivered" | StoreErrorCode;
}

/** Told of every delivery, one by one: for the log, where it says so much. */
export type DeliveryFollower = (delivery: Delivery) => void;

/** The way to participants through Redis: says each event as the dialect does, once however many are to hear it, and delivers it. */
export class DialectWire implements Wire {
  readonly #store: Store;
  readonly #dialect: Dialect;
  readonly #observe: DeliveryObserver;
  readonly #follow: DeliveryFollower | undefined;
  readonly #trace: Trace | undefined;

  constructor(
    store: Store,
    dialect: Dialect,
    observe: DeliveryObserver = () => {},
    follow?: DeliveryFollower,
    trace?: Trace,
  ) {
    this.#store = store;
    this.#dialect = dialect;
    this.#observe = observe;
    this.#follow = follow;
    this.#trace = trace;
  }

  tracedBy(trace: Trace): DialectWire {
    return new DialectWire(this.#store, this.#dialect, this.#observe, this.#follow, trace);
  }

  async tell(address: Address, event: CoreEvent): Promise<boolean> {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return true;
    const { outboxes, presence } = this.#store;
    switch (address.to) {
      case "peer": {
        const { session, room, from } = address;
        const refusal = await outboxes.deliver(session, room, from, packet, this.#trace);
        return this.#reachedOne(event, session, room, refusal, address);
      }
      case "session": {
        const { session, holding } = address;
        const refusal = await outboxes.send(session, packet, holding, this.#trace);
        return this.#reachedOne(event, session, typeof holding === "string" ? holding : undefined, refusal, address);
      }
      case "lobby":
        await presence.publish(this.#dialect.name, packet);
        return true;
    }
  }

  async spread(
    sessions: readonly SessionId[],
    room: RoomId,
    from: Sender,
    event: CoreEvent,
  ): Promise<readonly SessionId[]> {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return [];
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliver(session, room, from, packet, this.#trace));
    const refusals = await Promise.all(sent);
    this.#reached(event, sessions, room, refusals);
    return sessions.filter((_, i) => refusals[i] !== undefined);
  }

  async share(sessions: readonly SessionId[], room: RoomId, revision: number, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return;
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliverMessage(session, room, packet, revision, this.#trace));
    this.#reached(event, sessions, room, await Promise.all(sent));
  }

  async admit(session: SessionId, room: RoomId, place: MemberSeating, event: CoreEvent) {
    const toLeave = await this.#store.outboxes.admit(session, room, place, this.#said(event), this.#trace);
    this.#follow?.(this.#delivery(event, session, room, typeof toLeave === "string" ? toLeave : undefined));
    return typeof toLeave === "string" && toLeave !== "outdated" ? undefined : toLeave;
  }

  async inform(sessions: readonly SessionId[], room: RoomId, change: RosterChange, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return [];
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliverChange(session, room, change, packet, this.#trace));
    const refusals = await Promise.all(sent);
    this.#reached(event, sessions, room, refusals);
    return sessions.filter((_, i) => refusals[i] === "outdated");
  }

  async depart(session: SessionId, room: RoomId, epoch: number | undefined, event: CoreEvent | undefined) {
    const packet = event && this.#said(event);
    const attempt = await this.#store.outboxes.depart(session, room, epoch, packet, this.#trace);
    if (typeof attempt === "number" || attempt === "fenced") return attempt;
    return undefined;
  }

  async follow(session: SessionId, place: FeedSubscription, event: CoreEvent): Promise<boolean> {
    const refusal = await this.#store.outboxes.followFeed(session, place, this.#said(event), this.#trace);
    return this.#reachedOne(event, session, place.room, refusal);
  }

  async line(session: SessionId, room: RoomId, from: Sender, line: CallLeg, event: CoreEvent | undefined) {
    const packet = event === undefined ? "" : this.#said(event);
    const refusal = await this.#store.outboxes.setCallLeg(session, room, from, line, packet, this.#trace);
    return event === undefined ? refusal === undefined : this.#reachedOne(event, session, room, refusal);
  }

  async seat(session: SessionId, room: RoomId, seat: PairSeat, event: CoreEvent): Promise<boolean> {
    const refusal = await this.#store.outboxes.seat(session, room, seat, this.#said(event), this.#trace);
    return this.#reachedOne(event, session, room, refusal);
  }

  async unseat(session: SessionId, room: RoomId, event: CoreEvent | undefined): Promise<"out" | "reserved"> {
    const packet = event && this.#said(event);
    const refusal = await this.#store.outboxes.unseat(session, room, packet, this.#trace);
    return refusal === "reserved" ? "reserved" : "out";
  }

  async evict(session: SessionId, user: UserId, event: CoreEvent): Promise<Eviction | undefined> {
    const eviction = await this.#store.sessions.evict(session, user, this.#said(event), this.#trace);
    return typeof eviction === "string" ? undefined : eviction;
  }

  #reached(
    event: CoreEvent,
    sessions: readonly SessionId[],
    room: RoomId,
    refusals: readonly (StoreErrorCode | undefined)[],
  ): void {
    const reached = refusals.filter((refusal) => refusal === undefined).length;
    this.#observe(event.type, refusals.length, reached);
    if (!this.#follow) return;
    for (const [i, session] of sessions.entries()) this.#follow(this.#delivery(event, session, room, refusals[i]));
  }

  #reachedOne(
    event: CoreEvent,
    session: SessionId,
    room: RoomId | undefined,
    refusal: StoreErrorCode | undefined,
    to?: Parameters<DeliveryObserver>[3],
  ): boolean {
    this.#observe(event.type, 1, refusal === undefined ? 1 : 0, to);
    this.#follow?.(this.#delivery(event, session, room, refusal));
    return refusal === undefined;
  }

  #delivery(
    { type }: CoreEvent,
    session: SessionId,
    room: RoomId | undefined,
    refusal: StoreErrorCode | undefined,
  ): Delivery {
    return { trace: this.#trace, type, session, room, outcome: refusal ?? "delivered" };
  }

  /** @throws TypeError if the dialect is silent on an event that it uses itself */
  #said(event: CoreEvent): string {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) throw new TypeError(`${this.#dialect.name} does not say "${event.type}"`);
    return packet;
  }
}
