import { Worker } from "node:worker_threads";

/** How much of a password is looked at: the time that it takes grows faster than the length. */
const LOOKED_AT = 48;
/** A worker without work ends: its dictionary takes some 20 MB. */
const IDLE_MS = 60_000;
/** A question that takes longer is not answered: somebody may have found what takes the library long. */
const PATIENCE_MS = 10_000;

interface Question {
  readonly resolve: (score: number) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * How easy passwords are to guess, by zxcvbn: from 0 (among the thousand that are tried first) to 4. It is found out in a thread of its
 * own, begun with the first question and ended when there are none, so that no event waits for it.
 */
export class PasswordStrength {
  readonly #questions = new Map<number, Question>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  /**
   * @param name of its user, which is as bad a password as the common ones
   * @throws Error if that takes too long
   */
  score(password: string, name: string): Promise<number> {
    const worker = this.#begun();
    clearTimeout(this.#idle);
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(new Error("a password takes too long to look at")), PATIENCE_MS);
      this.#questions.set(number, { resolve, reject, timer });
      worker.postMessage({ number, password: password.normalize("NFKC").slice(0, LOOKED_AT), name });
    });
  }

  stop(): void {
    this.#giveUp(new Error("the node stops"));
  }

  #begun(): Worker {
    if (this.#worker) return this.#worker;
    // the same ending as this file's: TypeScript where it runs from its sources
    const file = new URL(
      `./password-scores${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`,
      import.meta.url,
    );
    const worker = new Worker(file, { env: {}, execArgv: [] });
    worker.unref();
    worker.on("message", ({ number, score }: { number: number; score: number }) => this.#answer(number, score));
    worker.on("error", (error) => this.#worker === worker && this.#giveUp(error));
    this.#worker = worker;
    return worker;
  }

  #answer(number: number, score: number): void {
    const question = this.#questions.get(number);
    if (!question) return;
    clearTimeout(question.timer);
    this.#questions.delete(number);
    question.resolve(score);
    if (this.#questions.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS).unref();
  }

  /** The next question begins a new worker. */
  #giveUp(error: Error): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject, timer } of this.#questions.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#questions.clear();
  }
}
