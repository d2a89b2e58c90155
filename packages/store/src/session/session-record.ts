import type { DialectName, NodeId, Profile, RoomId, SessionId, UserId } from "@switchyard/protocol";
import { sessionFields } from "../field-prefixes.ts";

/** A session's place in a room, as it is kept in the session and cached by the node that holds it. */
export type Seat = PairSeat | MemberSeat;

/** A place in a match, call or meeting: as whom the session is in it. */
export interface MemberSeat {
  readonly kind: "member";
  readonly user: UserId;
  readonly profile: Profile;
  /** The revision of the room by which it came, in one that clients name; older versions did not note it. */
  readonly entry?: number;
}

/** A place beside a partner. */
export interface PairSeat {
  readonly kind: "pair";
  readonly queue: string;
  readonly peer: SessionId;
  readonly partner: UserId;
  readonly initiator: boolean;
  readonly sharedInterests: readonly string[];
  /** Whether the two had met before; older versions did not note it. */
  readonly isRepeat?: boolean;
  /** Of the address that the partner asked to be paired from, as operators read it. */
  readonly network?: string | undefined;
}

/** A pair that has ended for a session. */
interface EndedPair {
  readonly room: RoomId;
  readonly seat: PairSeat;
  /** Unix time in ms. */
  readonly endedAt: number;
}

/** A ticket as the session knows it: which queue, and how many times the session has asked. */
export interface TicketRef {
  readonly queue: string;
  readonly number: number;
}

/** From where on a session hears all that concerns everyone in its dialect. */
export interface FeedOffset {
  /** The entry after which it does. */
  readonly last: string;
  /** The number of the event in its outbox that said so. */
  readonly number: number;
}

/** How a session is opened: the user of the token, if there is one, and the choices of its client. */
export interface SessionOptions {
  readonly bearer?: UserId | undefined;
  /** It wants a copy of its own messages. */
  readonly echoes?: boolean;
  /** It can't recover: back within the grace as the same user, it goes on with its session all the same. */
  readonly recoversByUser?: boolean;
  /** The number that its client's offset has, which is that of its former session: its events are numbered from there on. */
  readonly lastNumber?: number;
  /** Of its connection's address, as operators read it. */
  readonly network?: string | undefined;
  /** The end of the lease in which its node noted in its index that it would open it; `undefined`: no lease stands behind it. */
  readonly lease?: number | undefined;
}

/** A client that can't recover, and is back: its user, and the user of its token. */
export interface RecoveringUser {
  readonly user: UserId;
  readonly bearer: UserId | undefined;
}

/** Everything a session is in. */
export interface SessionRecord {
  readonly state: "live" | "detached" | "ending";
  readonly dialect: DialectName | "";
  readonly node: NodeId;
  readonly epoch: number;
  readonly number: number;
  readonly opened: number;
  readonly deadline: number | undefined;
  /** The user of the token with which it was opened. */
  readonly bearer: UserId | undefined;
  /** Whether its client wants a copy of its own messages. */
  readonly echoes: boolean;
  /** Whether its client can't recover. */
  readonly recoversByUser: boolean;
  /** The user that it stands for. */
  readonly user: UserId | undefined;
  /** Of the address that its client was last connected from, as operators read it. */
  readonly network: string | undefined;
  /** The pair that ended last for it, while it stands for the same user. */
  readonly lastPair: EndedPair | undefined;
  /** The users that it claimed; it may still be noted in their keys. */
  readonly claimed: readonly UserId[];
  readonly opening: string | undefined;
  readonly ticket: TicketRef | undefined;
  readonly seats: ReadonlyMap<RoomId, Seat>;
  /** Rooms it is being seated in. */
  readonly reserved: readonly RoomId[];
  /** Rooms it is out of and that are still to be left. */
  readonly departing: readonly RoomId[];
  /** Rooms that it is about to enter. */
  readonly pendingEntries: readonly RoomId[];
  /** By which attempt it came into a room. */
  readonly attempts: ReadonlyMap<RoomId, number>;
  /** Rooms whose other members may not have been notified yet of its entry or change: the note's number. */
  readonly unannounced: ReadonlyMap<RoomId, number>;
  /** Where it was last told that it stands in its dialect's feed; `undefined`: it does not follow it. */
  readonly feed: FeedOffset | undefined;
  /** By which session each user is in a call with it. */
  readonly callLegs: ReadonlyMap<UserId, SessionId>;
  /** How often it asked for a ticket. */
  readonly ticketsRequested: number;
  /** Whether it was notified that it waits, since it last asked. */
  readonly isWaitAnnounced: boolean;
}

/** Reads a hash that a script returned as `[field, value, …]`. */
export function readSessionRecord(flat: readonly string[]): SessionRecord {
  const fields = new Map<string, string>();
  const seats = new Map<RoomId, Seat>();
  const reserved: RoomId[] = [];
  const departing: RoomId[] = [];
  const pendingEntries: RoomId[] = [];
  const attempts = new Map<RoomId, number>();
  const unannounced = new Map<RoomId, number>();
  const claimed: UserId[] = [];
  const callLegs = new Map<UserId, SessionId>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [field, value] = [flat[i] as string, flat[i + 1] as string];
    const [prefix, subject] = [field.slice(0, 2), field.slice(2)];
    if (prefix === sessionFields.seat) seats.set(subject, JSON.parse(value));
    else if (prefix === sessionFields.reservation) reserved.push(subject);
    else if (prefix === sessionFields.departure) departing.push(subject);
    else if (prefix === sessionFields.unannounced) unannounced.set(subject, Number(value));
    else if (prefix === sessionFields.pendingEntry) pendingEntries.push(subject);
    else if (prefix === sessionFields.entry) attempts.set(subject, Number(value));
    else if (prefix === sessionFields.callLeg) callLegs.set(subject, value);
    else if (prefix === sessionFields.claimedUser) claimed.push(subject);
    else fields.set(field, value);
  }
  const number = (name: string) => Number(fields.get(name) ?? 0);
  const [ticket, feed, lastPair] = [fields.get("ticket"), fields.get("feed"), fields.get("lastPair")];
  return {
    state: fields.get("state") as SessionRecord["state"],
    dialect: (fields.get("dialect") ?? "") as SessionRecord["dialect"],
    node: fields.get("node") ?? "",
    epoch: number("epoch"),
    number: number("number"),
    opened: number("opened"),
    deadline: fields.has("deadline") ? number("deadline") : undefined,
    bearer: fields.get("bearer"),
    echoes: fields.has("echo"),
    recoversByUser: fields.has("byUser"),
    user: fields.get("user"),
    network: fields.get("network"),
    lastPair: lastPair === undefined ? undefined : readEndedPair(lastPair),
    claimed,
    opening: fields.get("opening"),
    ticket: ticket === undefined ? undefined : readTicketRef(ticket),
    seats,
    reserved,
    departing,
    pendingEntries,
    attempts,
    unannounced,
    feed: feed === undefined ? undefined : readFeedOffset(feed),
    callLegs,
    ticketsRequested: number("asks"),
    isWaitAnnounced: fields.has("waiting"),
  };
}

/** `<queue> <number>`, as scripts compare it. */
export function writeTicketRef({ queue, number }: TicketRef): string {
  return `${queue} ${number}`;
}

export function readTicketRef(text: string): TicketRef {
  const space = text.lastIndexOf(" ");
  return { queue: text.slice(0, space), number: Number(text.slice(space + 1)) };
}

/** Reads `<ended at> <room> <seat, JSON>`. */
function readEndedPair(text: string): EndedPair {
  const [endedAt = "", room = "", ...seat] = text.split(" ");
  return { room, seat: JSON.parse(seat.join(" ")) as PairSeat, endedAt: Number(endedAt) };
}

/** Reads `<entry> <number>`. */
function readFeedOffset(text: string): FeedOffset {
  const [last = "", number] = text.split(" ");
  return { last, number: Number(number) };
}
