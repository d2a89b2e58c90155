import { CommandError } from "./command-error.ts";

interface Waiting {
  resolve(): void;
  reject(error: CommandError): void;
}

/** Commands wait at it until they may be sent. It is shut at first. */
export class Gate {
  readonly #waiting = new Set<Waiting>();
  #isOpen = false;
  #refusal: CommandError | null = null;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    this.#refusal = null;
    for (const { resolve } of this.#taken()) resolve();
  }

  shut(): void {
    this.#isOpen = false;
    this.#refusal = null;
  }

  /** Nobody passes until it is open or shut again: those who wait are refused, and those who come. */
  refuse(error: CommandError): void {
    this.#isOpen = false;
    this.#refusal = error;
    for (const { reject } of this.#taken()) reject(error);
  }

  /** @throws CommandError `timeout`, or the reason why nobody passes */
  pass(timeoutMs: number): Promise<void> {
    if (this.#isOpen) return Promise.resolve();
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new CommandError({ code: "timeout", retryable: true, message: "There is no connection." }));
      }, timeoutMs);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        how();
      };
      this.#waiting.add(waiting);
    });
  }

  #taken(): Waiting[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }
}
