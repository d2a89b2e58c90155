/** A fault that shows in the moment in which a message is received. */
export type ReceiptFault = "doubled" | "reordered" | "misdelivered";

/** Messages whose outcome is open are remembered that far back. */
const FREE_REMEMBERED = 64;

/**
 * The numbered messages of one sender to one receiver, and what is owed: a message that was acknowledged arrives once and
 * in order. One without an acknowledgement may arrive or not; one that was acknowledged only after the receiver began to
 * leave may, too. Takes constant time for each message, and memory for those on their way.
 */
export class MessageStream {
  /** Numbers that are on their way, and whether they are acknowledged. */
  readonly #open = new Map<number, boolean>();
  /** Numbers that may still arrive, or not. */
  readonly #free = new Set<number>();
  /** Numbers up to this one were sent before the receiver was there. */
  readonly #before: number;
  #lastSent: number;
  #lastReceived = 0;
  #isClosed = false;

  constructor(before = 0) {
    this.#before = before;
    this.#lastSent = before;
  }

  sent(number: number): void {
    this.#lastSent = number;
    if (this.#isClosed) this.#release(number);
    else this.#open.set(number, false);
  }

  acknowledged(number: number): void {
    if (this.#open.has(number)) this.#open.set(number, true);
  }

  /** Nothing is promised about it: it was refused, or the connection was lost before its acknowledgement. */
  unacknowledged(number: number): void {
    if (this.#open.delete(number)) this.#release(number);
  }

  received(number: number): ReceiptFault | undefined {
    const isAwaited = this.#open.delete(number) || this.#free.delete(number);
    if (!isAwaited) {
      if (number > this.#lastSent) return "misdelivered";
      return number > this.#before ? "doubled" : undefined;
    }
    if (number < this.#lastReceived) return "reordered";
    this.#lastReceived = number;
    return undefined;
  }

  /** The receiver begins to leave, or its session is lost. */
  close(): void {
    this.#isClosed = true;
    for (const [number, isAcknowledged] of this.#open) if (!isAcknowledged) this.unacknowledged(number);
  }

  /** Nothing is owed from now on, whatever was acknowledged: the receiver's session is lost. */
  void(): void {
    this.#isClosed = true;
    for (const number of [...this.#open.keys()]) this.unacknowledged(number);
  }

  /** Acknowledged and not received. */
  owed(): number[] {
    return [...this.#open].filter(([, isAcknowledged]) => isAcknowledged).map(([number]) => number);
  }

  /** The greatest number that was received. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** Whether there are messages on their way. */
  get isQuiet(): boolean {
    return this.#open.size === 0;
  }

  #release(number: number): void {
    this.#free.add(number);
    if (this.#free.size <= FREE_REMEMBERED) return;
    for (const oldest of this.#free) {
      this.#free.delete(oldest);
      return;
    }
  }
}
