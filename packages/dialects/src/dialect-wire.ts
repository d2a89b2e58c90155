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
export type DeliveryListener = (delivery: Delivery) => void;

/** The way to participants through Redis: says each event as the dialect does, once however many are to hear it, and delivers it. */
export class DialectWire implements Wire {
  readonly #store: Store;
  readonly #dialect: Dialect;
  readonly #observe: DeliveryObserver;
  readonly #onDelivery: DeliveryListener | undefined;
  readonly #trace: Trace | undefined;

  constructor(
    store: Store,
    dialect: Dialect,
    observe: DeliveryObserver = () => {},
    onDelivery?: DeliveryListener,
    trace?: Trace,
  ) {
    this.#store = store;
    this.#dialect = dialect;
    this.#observe = observe;
    this.#onDelivery = onDelivery;
    this.#trace = trace;
  }

  withTrace(trace: Trace): DialectWire {
    return new DialectWire(this.#store, this.#dialect, this.#observe, this.#onDelivery, trace);
  }

  async send(address: Address, event: CoreEvent): Promise<boolean> {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return true;
    const { outboxes, presence } = this.#store;
    switch (address.to) {
      case "peer": {
        const { session, room, from } = address;
        const errorCode = await outboxes.deliver(session, room, from, packet, this.#trace);
        return this.#reachedOne(event, session, room, errorCode, address);
      }
      case "session": {
        const { session, holding } = address;
        const errorCode = await outboxes.send(session, packet, holding, this.#trace);
        return this.#reachedOne(event, session, typeof holding === "string" ? holding : undefined, errorCode, address);
      }
      case "lobby":
        await presence.publish(this.#dialect.name, packet);
        return true;
    }
  }

  async sendToEach(
    sessions: readonly SessionId[],
    room: RoomId,
    from: Sender,
    event: CoreEvent,
  ): Promise<readonly SessionId[]> {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return [];
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliver(session, room, from, packet, this.#trace));
    const errorCodes = await Promise.all(sent);
    this.#reached(event, sessions, room, errorCodes);
    return sessions.filter((_, i) => errorCodes[i] !== undefined);
  }

  async sendMessage(sessions: readonly SessionId[], room: RoomId, revision: number, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return;
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliverMessage(session, room, packet, revision, this.#trace));
    this.#reached(event, sessions, room, await Promise.all(sent));
  }

  async admit(session: SessionId, room: RoomId, seating: MemberSeating, event: CoreEvent) {
    const toLeave = await this.#store.outboxes.admit(session, room, seating, this.#rendered(event), this.#trace);
    this.#onDelivery?.(this.#delivery(event, session, room, typeof toLeave === "string" ? toLeave : undefined));
    return typeof toLeave === "string" && toLeave !== "outdated" ? undefined : toLeave;
  }

  async sendChange(sessions: readonly SessionId[], room: RoomId, change: RosterChange, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return [];
    const { outboxes } = this.#store;
    const sent = sessions.map((session) => outboxes.deliverChange(session, room, change, packet, this.#trace));
    const errorCodes = await Promise.all(sent);
    this.#reached(event, sessions, room, errorCodes);
    return sessions.filter((_, i) => errorCodes[i] === "outdated");
  }

  async depart(session: SessionId, room: RoomId, epoch: number | undefined, event: CoreEvent | undefined) {
    const packet = event && this.#rendered(event);
    const attempt = await this.#store.outboxes.depart(session, room, epoch, packet, this.#trace);
    if (typeof attempt === "number" || attempt === "fenced") return attempt;
    return undefined;
  }

  async followFeed(session: SessionId, subscription: FeedSubscription, event: CoreEvent): Promise<boolean> {
    const errorCode = await this.#store.outboxes.followFeed(session, subscription, this.#rendered(event), this.#trace);
    return this.#reachedOne(event, session, subscription.room, errorCode);
  }

  async setCallLeg(session: SessionId, room: RoomId, from: Sender, leg: CallLeg, event: CoreEvent | undefined) {
    const packet = event === undefined ? "" : this.#rendered(event);
    const errorCode = await this.#store.outboxes.setCallLeg(session, room, from, leg, packet, this.#trace);
    return event === undefined ? errorCode === undefined : this.#reachedOne(event, session, room, errorCode);
  }

  async seat(session: SessionId, room: RoomId, seat: PairSeat, event: CoreEvent): Promise<boolean> {
    const errorCode = await this.#store.outboxes.seat(session, room, seat, this.#rendered(event), this.#trace);
    return this.#reachedOne(event, session, room, errorCode);
  }

  async unseat(session: SessionId, room: RoomId, event: CoreEvent | undefined): Promise<"out" | "reserved"> {
    const packet = event && this.#rendered(event);
    const errorCode = await this.#store.outboxes.unseat(session, room, packet, this.#trace);
    return errorCode === "reserved" ? "reserved" : "out";
  }

  async evict(session: SessionId, user: UserId, event: CoreEvent): Promise<Eviction | undefined> {
    const eviction = await this.#store.sessions.evict(session, user, this.#rendered(event), this.#trace);
    return typeof eviction === "string" ? undefined : eviction;
  }

  #reached(
    event: CoreEvent,
    sessions: readonly SessionId[],
    room: RoomId,
    errorCodes: readonly (StoreErrorCode | undefined)[],
  ): void {
    const reached = errorCodes.filter((errorCode) => errorCode === undefined).length;
    this.#observe(event.type, errorCodes.length, reached);
    if (!this.#onDelivery) return;
    for (const [i, session] of sessions.entries())
      this.#onDelivery(this.#delivery(event, session, room, errorCodes[i]));
  }

  #reachedOne(
    event: CoreEvent,
    session: SessionId,
    room: RoomId | undefined,
    errorCode: StoreErrorCode | undefined,
    to?: Parameters<DeliveryObserver>[3],
  ): boolean {
    this.#observe(event.type, 1, errorCode === undefined ? 1 : 0, to);
    this.#onDelivery?.(this.#delivery(event, session, room, errorCode));
    return errorCode === undefined;
  }

  #delivery(
    { type }: CoreEvent,
    session: SessionId,
    room: RoomId | undefined,
    errorCode: StoreErrorCode | undefined,
  ): Delivery {
    return { trace: this.#trace, type, session, room, outcome: errorCode ?? "delivered" };
  }

  /** @throws TypeError if the dialect is silent on an event that it uses itself */
  #rendered(event: CoreEvent): string {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) throw new TypeError(`${this.#dialect.name} does not say "${event.type}"`);
    return packet;
  }
}
