/** The messages that one side sent to the other: numbers, each once, rising. */
export class Ledger {
  readonly #acknowledged = new Set<number>();
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

  /** The numbers that were acknowledged to the sender and that the receiver has not received. */
  missing(): number[] {
    return [...this.#acknowledged].filter((number) => !this.#received.has(number));
  }

  /** The number of the next message. One that is not acknowledged is not sent again: it may have been accepted. */
  take(): number {
    return this.#next++;
  }

  acknowledge(number: number): void {
    this.#acknowledged.add(number);
  }

  receive(number: number): void {
    if (this.#received.has(number)) this.doubled += 1;
    else if (number < this.#last) this.reordered += 1;
    this.#received.add(number);
    this.#last = Math.max(this.#last, number);
  }
}
