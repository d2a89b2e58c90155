/** A time with its beginning and its end; Unix time in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function isWithin(at: number, { from, to }: Span): boolean {
  return at >= from && at <= to;
}

/** The messages that one side sent to the other: numbers, each once, rising. */
export class Ledger {
  /** When each was acknowledged; Unix time in ms. */
  readonly #acknowledged = new Map<number, number>();
  readonly #received = new Set<number>();
  #next = 1;
  #last = 0;
  /** How many were received again. */
  doubled = 0;
  /** How many were received after a later one. */
  reordered = 0;

  get sent(): number {
    return this.#next - 1;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get received(): number {
    return this.#received.size;
  }

  /** When the messages were acknowledged to the sender that the receiver has not received. */
  missing(): number[] {
    return [...this.#acknowledged].filter(([number]) => !this.#received.has(number)).map(([, at]) => at);
  }

  /** Whether any message was acknowledged in that time. */
  isActiveIn(span: Span): boolean {
    return [...this.#acknowledged.values()].some((at) => isWithin(at, span));
  }

  /** The number of the next message. One that is not acknowledged is not sent again: it may have been accepted. */
  take(): number {
    return this.#next++;
  }

  acknowledge(number: number, at: number = Date.now()): void {
    this.#acknowledged.set(number, at);
  }

  receive(number: number): void {
    if (this.#received.has(number)) this.doubled += 1;
    else if (number < this.#last) this.reordered += 1;
    this.#received.add(number);
    this.#last = Math.max(this.#last, number);
  }
}
