import type { Address, Eviction, Wire } from "@switchyard/core";
import type { CoreEvent, CoreEventType, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Admission, Change, Following, Line, PairSeat, Sender, Store, StoreRefusal } from "@switchyard/store";
import type { Dialect } from "./dialect.ts";
import { packetOf } from "./packet.ts";

/** Told of every event that sessions were to be told: its type, how many it was for, and how many of them were there. */
export type DeliveryObserver = (type: CoreEventType, wanted: number, reached: number) => void;

/** The way to participants through Redis: says each event as the dialect does, once however many are to hear it, and delivers it. */
export class DialectWire implements Wire {
  readonly #store: Store;
  readonly #dialect: Dialect;
  readonly #observe: DeliveryObserver;

  constructor(store: Store, dialect: Dialect, observe: DeliveryObserver = () => {}) {
    this.#store = store;
    this.#dialect = dialect;
    this.#observe = observe;
  }

  async tell(address: Address, event: CoreEvent): Promise<boolean> {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return true;
    const { outboxes, presence } = this.#store;
    switch (address.to) {
      case "peer":
        return this.#reachedOne(event, await outboxes.deliver(address.session, address.room, address.from, packet));
      case "session":
        return this.#reachedOne(event, await outboxes.tell(address.session, packet, address.holding));
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
    const refusals = await Promise.all(sessions.map((session) => outboxes.deliver(session, room, from, packet)));
    this.#reached(event, refusals);
    return sessions.filter((_, i) => refusals[i] !== undefined);
  }

  async share(sessions: readonly SessionId[], room: RoomId, revision: number, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return;
    const { outboxes } = this.#store;
    const refusals = sessions.map((session) => outboxes.share(session, room, packet, revision));
    this.#reached(event, await Promise.all(refusals));
  }

  async admit(session: SessionId, room: RoomId, place: Admission, event: CoreEvent) {
    const toLeave = await this.#store.outboxes.admit(session, room, place, this.#said(event));
    return typeof toLeave === "string" && toLeave !== "outdated" ? undefined : toLeave;
  }

  async inform(sessions: readonly SessionId[], room: RoomId, change: Change, event: CoreEvent) {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) return [];
    const { outboxes } = this.#store;
    const refusals = await Promise.all(sessions.map((session) => outboxes.inform(session, room, change, packet)));
    this.#reached(event, refusals);
    return sessions.filter((_, i) => refusals[i] === "outdated");
  }

  async depart(session: SessionId, room: RoomId, epoch: number | undefined, event: CoreEvent | undefined) {
    const attempt = await this.#store.outboxes.depart(session, room, epoch, event && this.#said(event));
    if (typeof attempt === "number" || attempt === "fenced") return attempt;
    return undefined;
  }

  async follow(session: SessionId, place: Following, event: CoreEvent): Promise<boolean> {
    return this.#reachedOne(event, await this.#store.outboxes.follow(session, place, this.#said(event)));
  }

  async line(session: SessionId, room: RoomId, from: Sender, line: Line, event: CoreEvent | undefined) {
    const packet = event === undefined ? "" : this.#said(event);
    const refusal = await this.#store.outboxes.line(session, room, from, line, packet);
    return event === undefined ? refusal === undefined : this.#reachedOne(event, refusal);
  }

  async seat(session: SessionId, room: RoomId, seat: PairSeat, event: CoreEvent): Promise<boolean> {
    return this.#reached(event, [await this.#store.outboxes.seat(session, room, seat, this.#said(event))]);
  }

  async unseat(session: SessionId, room: RoomId, event: CoreEvent | undefined): Promise<"out" | "reserved"> {
    const packet = event && this.#said(event);
    return (await this.#store.outboxes.unseat(session, room, packet)) === "reserved" ? "reserved" : "out";
  }

  async evict(session: SessionId, user: UserId, event: CoreEvent): Promise<Eviction | undefined> {
    const eviction = await this.#store.sessions.evict(session, user, this.#said(event));
    return typeof eviction === "string" ? undefined : eviction;
  }

  #reached({ type }: CoreEvent, refusals: readonly (StoreRefusal | undefined)[]): boolean {
    const reached = refusals.filter((refusal) => refusal === undefined).length;
    this.#observe(type, refusals.length, reached);
    return reached === refusals.length;
  }

  #reachedOne({ type }: CoreEvent, refusal: StoreRefusal | undefined): boolean {
    this.#observe(type, 1, refusal === undefined ? 1 : 0);
    return refusal === undefined;
  }

  /** @throws TypeError if the dialect is silent on an event that it uses itself */
  #said(event: CoreEvent): string {
    const packet = packetOf(this.#dialect, event);
    if (packet === undefined) throw new TypeError(`${this.#dialect.name} does not say "${event.type}"`);
    return packet;
  }
}
