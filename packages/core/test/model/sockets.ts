/** What reaches a process: at once, or, while it stands still, when it wakes up. */
export class Sockets {
  #waiting: (() => void)[] | undefined;

  /** Whether the process reads. */
  get isAwake(): boolean {
    return this.#waiting === undefined;
  }

  arrive(read: () => void): void {
    if (this.#waiting) this.#waiting.push(read);
    else read();
  }

  standStill(): void {
    this.#waiting ??= [];
  }

  wakeUp(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const read of waiting) read();
  }
}
