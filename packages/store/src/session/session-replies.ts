import type { RoomId } from "@switchyard/protocol";
import type { Stamp } from "../queue/ticket.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import { readFeedPosition, readTrace } from "../trace.ts";
import { readSessionRecord, readTicketRef, type SessionRecord, type TicketRef } from "./session-record.ts";

/** One missed event: its number and its packet (JSON array text). */
export interface MissedEvent {
  readonly number: number;
  /** Empty: it is not needed, since a later one says the same. */
  readonly packet: string;
  /** The trace of the event that led to it, as `Traces` reads it; older versions stored none. */
  readonly trace?: string | undefined;
  /** The number of the dialect's feed entry that it does not come before; 0 or `undefined`: any. */
  readonly feed?: number | undefined;
}

/** A session taken over or compared: what it is, and what its client has not had yet. */
export interface Restored {
  readonly epoch: number;
  readonly record: SessionRecord;
  readonly missed: readonly MissedEvent[];
  /** Until when it had been detached, Unix time in ms; `undefined` if it was live. */
  readonly deadline: number | undefined;
}

export interface Detached {
  /** Unix time in ms until which it may come back. */
  readonly deadline: number;
  readonly epoch: number;
  readonly ticket: TicketRef | undefined;
}
export interface RequestedTicket {
  readonly ticket: TicketRef;
  readonly replaced: TicketRef | undefined;
  /** Rooms that are to be left for it. */
  readonly rooms: readonly RoomId[];
}
export interface WithdrawnTicket {
  readonly ticket: TicketRef | undefined;
  /** Rooms that are to be left for it. */
  readonly rooms: readonly RoomId[];
}
export interface ReservationResult {
  /** `away`: reserved, but not connected now. */
  readonly outcome: "reserved" | "away" | "gone";
}
export interface Eviction {
  /** Whether the session has got the event: once, by the first one that finds the user there. */
  readonly appended: boolean;
  /** How often it asked for a ticket: whatever it has in a queue has at most this number. */
  readonly ticketsRequested: number;
  /** Rooms that are to be left for it. */
  readonly rooms: readonly RoomId[];
}
export interface ReleasedReservation {
  readonly stamp: Stamp;
  /** The reservation undo that was given to `reserve`. */
  readonly undo: string;
}

/** An attempt to be in a room. */
export interface EntryAttempt {
  /** Its number, or that of the attempt by which it is in the room already. */
  readonly attempt: number;
  readonly isSeated: boolean;
  /** The note that the other members may not have been notified of its entry, or of a change. */
  readonly note: number | undefined;
}
/** The note that other members have to be notified of a change. */
export interface ChangeNote {
  readonly number: number;
  /** Whether they may not have been notified of an earlier one either. */
  readonly isSecond: boolean;
}

/** `undefined` for the empty text that stands for no ticket. */
function readTicket(text: string): TicketRef | undefined {
  return text === "" ? undefined : readTicketRef(text);
}

export function readDetached(answer: unknown): Detached | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [deadline, epoch, ticket] = answer as [number, number, string];
  return { deadline, epoch, ticket: readTicket(ticket) };
}

export function readEviction(answer: unknown): Eviction | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [ticketsRequested, event, ...rooms] = answer as [number, number, ...RoomId[]];
  return { appended: event > 0, ticketsRequested, rooms };
}

export function readRequestedTicket(queue: string, answer: unknown): RequestedTicket | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [number, replaced, ...rooms] = answer as [number, string, ...RoomId[]];
  return { ticket: { queue, number }, replaced: readTicket(replaced), rooms };
}

export function readWithdrawnTicket(answer: unknown): WithdrawnTicket | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [ticket, ...rooms] = answer as [string, ...RoomId[]];
  return { ticket: readTicket(ticket), rooms };
}

export function readRestored(answer: unknown): Restored | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [epoch, fields, missed, deadline] = answer as [number, string[], [string, [string, string]][], number?];
  return {
    epoch,
    record: readSessionRecord(fields),
    missed: missed.map(readMissedEvent),
    deadline: deadline || undefined,
  };
}

function readMissedEvent([id, [trace, packet]]: [string, [string, string]]): MissedEvent {
  return { number: Number(id.slice(2)), packet, trace: readTrace(trace), feed: readFeedPosition(trace) };
}

export function readChangeNote(answer: unknown): ChangeNote | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [number, earlier] = answer as [number, number];
  return { number, isSecond: earlier === 1 };
}

export function readEntryAttempt(answer: unknown): EntryAttempt | "leaving" | StoreErrorCode {
  if (answer === 0) return "leaving";
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [attempt, seated, note] = answer as [number, number, number];
  return { attempt, isSeated: seated === 1, note: note || undefined };
}

export function readReleasedReservation(answer: unknown): ReleasedReservation | undefined {
  if (errorCodeOf(answer)) return undefined;
  const [number, epoch, connected, undo] = answer as [number, number, number, string];
  return { stamp: { number, epoch, connected: connected === 1 }, undo };
}
