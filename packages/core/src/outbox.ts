import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type {
  CallLeg,
  Eviction,
  FeedSubscription,
  MemberSeating,
  PairSeat,
  RosterChange,
  Sender,
  Store,
  TicketRef,
} from "@switchyard/store";
import { type Append, type Charge, costOf, type DeliveryObserver, outcomeOf, type Packet } from "./delivery.ts";

/**
 * The way from core to sessions. A session's place and the event about it change in one step, so these steps are verbs of their own.
 * Each resolves when Redis has the event. Without a packet, where the dialect is silent, only the place changes.
 */
export class Outbox {
  readonly #store: Pick<Store, "outboxes" | "sessions">;
  readonly #observe: DeliveryObserver;
  readonly #charge: Charge | undefined;

  constructor(store: Pick<Store, "outboxes" | "sessions">, observe: DeliveryObserver = () => {}, charge?: Charge) {
    this.#store = store;
    this.#observe = observe;
    this.#charge = charge;
  }

  /** The same, on behalf of somebody who answers for what it costs. */
  chargedTo(charge: Charge): Outbox {
    return new Outbox(this.#store, this.#observe, charge);
  }

  /** From a peer, to a session in the same room; returns whether it is there. */
  async deliver(to: SessionId, room: RoomId, from: Sender, packet: Packet | undefined): Promise<boolean> {
    if (!packet) return true;
    const write = () => this.#store.outboxes.deliver(to, room, from, packet.text, packet.trace);
    return (await this.append(packet, [to], { verb: "deliver", room, write }))[0] === undefined;
  }

  /** The same to several sessions in the room; returns those that are not there. */
  async deliverToEach(
    to: readonly SessionId[],
    room: RoomId,
    from: Sender,
    packet: Packet | undefined,
  ): Promise<readonly SessionId[]> {
    if (!packet) return [];
    const write = (session: SessionId) => this.#store.outboxes.deliver(session, room, from, packet.text, packet.trace);
    const errorCodes = await this.append(packet, to, { verb: "deliverToEach", room, write });
    return to.filter((_, i) => errorCodes[i] !== undefined);
  }

  /** A chat message, by the room's revision: a session that has it from its list of messages does not receive it again. */
  async deliverMessage(
    to: readonly SessionId[],
    room: RoomId,
    revision: number,
    from: Sender,
    packet: Packet | undefined,
  ): Promise<void> {
    if (!packet) return;
    const write = (session: SessionId) =>
      this.#store.outboxes.deliverMessage(session, room, packet.text, revision, packet.trace, from, packet.reference);
    await this.append(packet, to, { verb: "deliverMessage", room, write });
  }

  /**
   * A change in a room, once for each session; returns those that have received a newer list. Where the dialect is silent about somebody
   * who came or left, it is noted all the same: it decides whose events the session receives from there on.
   */
  async deliverChange(
    to: readonly SessionId[],
    room: RoomId,
    change: RosterChange,
    packet: Packet | undefined,
  ): Promise<readonly SessionId[]> {
    if (!packet && change.about === undefined) return [];
    const write = (session: SessionId) =>
      this.#store.outboxes.deliverChange(session, room, change, packet?.text ?? "", packet?.trace, packet?.reference);
    const errorCodes = await this.append(packet, to, { verb: "deliverChange", room, write });
    return to.filter((_, i) => errorCodes[i] === "outdated");
  }

  /** From the cluster itself; with a room, only while the session has its seat there. */
  async send(to: SessionId, packet: Packet | undefined, room?: RoomId, from?: Sender): Promise<boolean> {
    if (!packet) return true;
    const write = () => this.#store.outboxes.send(to, packet.text, room, packet.trace, from);
    return (await this.append(packet, [to], { verb: "send", room, write }))[0] === undefined;
  }

  /** Announces to a session that it waits with that ticket, once for each request; `again`: once more, if it was announced. */
  async announceWait(to: SessionId, ticket: TicketRef, packet: Packet | undefined, again = false): Promise<void> {
    if (!packet) return;
    const write = () => this.#store.outboxes.announceWait(to, ticket, packet.text, again, packet.trace);
    await this.append(packet, [to], { verb: "announceWait", write });
  }

  /**
   * Seats a session that is reserved for a room; `false` if it no longer is. A repetition delivers nothing.
   * @param waiting delivered before it, in the same step, unless that was announced
   */
  async seat(to: SessionId, room: RoomId, seat: PairSeat, packet: Packet, waiting?: Packet): Promise<boolean> {
    const write = () => this.#store.outboxes.seat(to, room, seat, packet.text, packet.trace, waiting?.text);
    const [seated] = await this.append(packet, [to], { verb: "seat", room, write });
    if (typeof seated !== "object") return false;
    if (seated.announced && waiting)
      this.#observe({ verb: "seat", packet: waiting, sessions: [to], outcomes: ["delivered"], room });
    return true;
  }

  /**
   * Seats a session in a room that it has entered; returns the rooms to be left for it, `outdated` if a newer change than the packet's
   * list was announced, `undefined` if it can't be seated.
   */
  async admit(
    to: SessionId,
    room: RoomId,
    seating: MemberSeating,
    packet: Packet,
  ): Promise<readonly RoomId[] | "outdated" | undefined> {
    const write = () => this.#store.outboxes.admit(to, room, seating, packet.text, packet.trace, packet.reference);
    const [toLeave] = await this.append(packet, [to], { verb: "admit", room, write });
    return typeof toLeave === "string" && toLeave !== "outdated" ? undefined : toLeave;
  }

  /**
   * Takes from a session its seat in a room that clients name; returns up to which attempt the room is to be left, `undefined` if there is
   * nothing to leave.
   * @param epoch that holds it; without one only what has been taken from it already is found
   */
  async depart(
    from: SessionId,
    room: RoomId,
    epoch: number | undefined,
    packet: Packet | undefined,
    trace = packet?.trace,
  ): Promise<number | "fenced" | undefined> {
    const write = () => this.#store.outboxes.depart(from, room, epoch, packet?.text, trace);
    const [departure] = await this.append(packet, [from], { verb: "depart", room, write });
    if (typeof departure === "object") return departure.attempt;
    return departure === "fenced" ? departure : undefined;
  }

  /** Takes a session out of a pair or the chatroom; without a packet it leaves by itself. A repetition delivers nothing. */
  async unseat(
    from: SessionId,
    room: RoomId,
    packet: Packet | undefined,
    trace = packet?.trace,
  ): Promise<"out" | "reserved"> {
    const write = () => this.#store.outboxes.unseat(from, room, packet?.text, trace);
    const [errorCode] = await this.append(packet, [from], { verb: "unseat", room, write });
    return errorCode === "reserved" ? "reserved" : "out";
  }

  /** Notes from where on a session follows its dialect's feed; returns whether it is there. */
  async followFeed(to: SessionId, subscription: FeedSubscription, packet: Packet): Promise<boolean> {
    const write = () => this.#store.outboxes.followFeed(to, subscription, packet.text, packet.trace, packet.reference);
    const { room } = subscription;
    return (await this.append(packet, [to], { verb: "followFeed", room, write }))[0] === undefined;
  }

  /** Notes by which session a user is in a call with this one; returns whether it was noted as it must be. */
  async setCallLeg(
    to: SessionId,
    room: RoomId,
    from: Sender,
    leg: CallLeg,
    packet: Packet | undefined,
    trace = packet?.trace,
  ): Promise<boolean> {
    const write = () => this.#store.outboxes.setCallLeg(to, room, from, leg, packet?.text ?? "", trace);
    return (await this.append(packet, [to], { verb: "setCallLeg", room, write }))[0] === undefined;
  }

  /** Takes the user from a session; `undefined` if the session is gone. */
  async evict(from: SessionId, user: UserId, packet: Packet): Promise<Eviction | undefined> {
    const write = () => this.#store.sessions.evict(from, user, packet.text, packet.trace);
    const [eviction] = await this.append(packet, [from], { verb: "evict", write });
    return typeof eviction === "string" ? undefined : eviction;
  }

  /** Every verb goes through here, and steps of moderation: whatever has a packet is observed. */
  async append<Answer>(
    packet: Packet | undefined,
    sessions: readonly SessionId[],
    { verb, room, write }: Append<Answer>,
  ): Promise<readonly Answer[]> {
    if (packet) this.#charge?.(costOf(packet) * sessions.length);
    const answers = await Promise.all(sessions.map(write));
    if (packet) this.#observe({ verb, packet, sessions, outcomes: answers.map(outcomeOf), room });
    return answers;
  }
}
