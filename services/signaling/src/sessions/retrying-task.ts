import { setTimeout as wait } from "node:timers/promises";

const RETRY_MS = 200;

/**
 * A task for each of many subjects, one run at a time for each: a request while it runs causes another run after it, and a run that fails
 * is tried again, until it has worked or the subject no longer matters.
 */
export class RetryingTask<Subject> {
  readonly #run: (subject: Subject) => Promise<void>;
  readonly #isRelevant: (subject: Subject) => boolean;
  readonly #onFailure: (subject: Subject, error: unknown) => void;
  /** How often it was asked for, by subject that it runs for. */
  readonly #requested = new Map<Subject, number>();

  constructor(
    run: (subject: Subject) => Promise<void>,
    isRelevant: (subject: Subject) => boolean,
    onFailure: (subject: Subject, error: unknown) => void,
  ) {
    this.#run = run;
    this.#isRelevant = isRelevant;
    this.#onFailure = onFailure;
  }

  async request(subject: Subject): Promise<void> {
    const before = this.#requested.get(subject);
    this.#requested.set(subject, (before ?? 0) + 1);
    if (before !== undefined) return;
    for (let done = 0; done !== this.#requested.get(subject) && this.#isRelevant(subject); ) {
      const requested = this.#requested.get(subject) ?? 0;
      try {
        await this.#run(subject);
        done = requested;
      } catch (error) {
        this.#onFailure(subject, error);
        await wait(RETRY_MS);
      }
    }
    this.#requested.delete(subject);
  }
}
