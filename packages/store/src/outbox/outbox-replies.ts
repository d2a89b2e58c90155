import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";

/** A room that a session no longer has a seat in, and that is still to be left. */
export interface Departure {
  /** Up to which attempt it is to be left. */
  readonly attempt: number;
  /** Whether the session has got the event: once, by the first one that finds the seat. */
  readonly appended: boolean;
}

/** The result of seating a session. */
export interface Seated {
  /** `false`: it was seated before. */
  readonly appended: boolean;
  /** Whether it was notified, with its seat, that it waits. */
  readonly announced: boolean;
}

export function readSeated(answer: unknown): Seated | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [number, announced] = answer as [number, number];
  return { appended: number > 0, announced: announced === 1 };
}

export function readDeparture(answer: unknown): Departure | StoreErrorCode {
  const errorCode = errorCodeOf(answer);
  if (errorCode) return errorCode;
  const [attempt, event] = answer as [number, number];
  return { attempt, appended: event > 0 };
}
