import { randomBytes } from "node:crypto";
import type { Clock } from "./redis/clock.ts";

/** Hex digits of an id that are the process's own, of the whole count, and of one part of it. */
const OWN_DIGITS = 16;
const COUNT_DIGITS = 16;
const PART_DIGITS = 3;
const ID_DIGITS = OWN_DIGITS + COUNT_DIGITS;
/** Ready-made parts: numbers are written for every event. */
const parts = Array.from({ length: 16 ** PART_DIGITS }, (_, part) => part.toString(16).padStart(PART_DIGITS, "0"));
/** Of many events in a row one in so many is timed … */
const TIMED_EACH = 16;
/** … and each that comes after a pause of so many ms. */
const PAUSE_MS = 10;
/** The trace of a message that no event led to. */
const NOTHING = "-";
/** Divides a trace from the feed's position. */
const POSITION = "~";

/** The trace of an event, from node to node: it is in every message, and every log line, that the event leads to. */
export interface Trace {
  /** 32 hex digits: a `trace-id` as W3C Trace Context, section 3.2.2.3, has it. */
  readonly id: string;
  /** As a message carries it: the id; for events that are timed also a space and when it arrived, Unix time in µs. */
  readonly text: string;
  /** In a packet of a dialect that has a feed: the number of the last entry that its sender's node knew of. */
  readonly feed?: number | undefined;
}

/**
 * Gives ids to what happens in this process: random digits of the process, and a count. Nothing is decided by an id, so it need not be
 * hard to guess.
 */
export class Traces {
  readonly #clock: Clock;
  readonly #own = randomBytes(OWN_DIGITS / 2).toString("hex");
  #prefix = "";
  #high = -1;
  #middle = parts.length;
  #low = parts.length;
  #timedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For an event that arrived just now, or at that reading of the monotonic clock (`performance.now()`). */
  begin(arrivedAt: number = performance.now()): Trace {
    const id = this.#nextId();
    if (this.#low % TIMED_EACH !== 0 && arrivedAt < this.#timedAt + PAUSE_MS) return { id, text: id };
    this.#timedAt = arrivedAt;
    return { id, text: `${id} ${Math.round(this.#clock.measured(arrivedAt) * 1000)}` };
  }

  /** For what no event leads to, as a sweep. */
  background(): Trace {
    return untimed(this.#nextId());
  }

  /**
   * How long ago the event of a carried trace arrived, in seconds and never negative; `undefined` if it is not timed. It compares the
   * readings that two nodes have of Redis's clock, so it may be off by half a round trip to Redis of each (`Clock.errorMs`).
   */
  secondsSince(text: string): number | undefined {
    if (text.length <= ID_DIGITS) return undefined;
    return Math.max(0, this.#clock.measured() / 1000 - Number(text.slice(ID_DIGITS + 1)) / 1e6);
  }

  /** Whether this process began it. */
  isOwn(text: string): boolean {
    return text.startsWith(this.#own);
  }

  #nextId(): string {
    if (this.#low === parts.length) this.#carry();
    const low = this.#low;
    this.#low += 1;
    return this.#prefix + parts[low];
  }

  #carry(): void {
    this.#low = 0;
    this.#middle += 1;
    if (this.#middle >= parts.length) {
      this.#middle = 0;
      this.#high += 1;
    }
    const high = this.#high.toString(16).padStart(COUNT_DIGITS - 2 * PART_DIGITS, "0");
    this.#prefix = this.#own + high + parts[this.#middle];
  }
}

/**
 * The trace of an event for a session that waited: it has the id of the event by which the wait began, and no time,
 * since the wait does not count.
 */
export function untimed(id: string): Trace {
  return { id, text: id };
}

/** The id in what a message carries. */
export function traceIdOf(text: string): string {
  return text.slice(0, ID_DIGITS);
}

export function writeTrace(trace: Trace | undefined): string {
  if (trace === undefined) return NOTHING;
  return trace.feed === undefined ? trace.text : trace.text + POSITION + trace.feed;
}

/** The trace of a message; `undefined` if no event led to it, or if an older version wrote it. */
export function readTrace(text: string | undefined): string | undefined {
  if (text === undefined || text.length < ID_DIGITS) return undefined;
  const end = text.indexOf(POSITION);
  return end === -1 ? text : text.slice(0, end);
}

/** The feed's position that is kept with the trace of a missed event; `undefined` if none is. */
export function readFeedPosition(text: string): number | undefined {
  const end = text.indexOf(POSITION);
  return end === -1 ? undefined : Number(text.slice(end + POSITION.length));
}
