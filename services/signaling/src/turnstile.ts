/**
 * Lets one task of a session through at a time, in the order they came: what one sender sends arrives in that order, also when Redis
 * asks for a script's text in between.
 */
export class Turnstile {
  readonly #waiting: (() => Promise<void>)[] = [];
  #busy = false;

  /** How many tasks wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** @param task must not reject */
  pass(task: () => Promise<void>): void {
    if (this.#busy) this.#waiting.push(task);
    else void this.#run(task);
  }

  async #run(task: () => Promise<void>): Promise<void> {
    this.#busy = true;
    for (let turn: (() => Promise<void>) | undefined = task; turn; turn = this.#waiting.shift()) await turn();
    this.#busy = false;
  }
}
