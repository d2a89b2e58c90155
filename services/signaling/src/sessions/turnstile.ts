type Task = () => Promise<void>;
interface Waiting {
  readonly task: Task;
  readonly shared: boolean;
}

/**
 * Lets a session's tasks through in the order they came: one at a time, but those that may share the way start right after one another.
 * Only what sends one command to Redis, in the very moment it starts, may share it: the connection keeps such commands in order, and
 * none waits for the answer to the one before.
 */
export class Turnstile {
  #waiting: Waiting[] | undefined;
  #alone = false;
  #sharing = 0;

  /** How many tasks wait or share the way. */
  get length(): number {
    return this.#sharing + (this.#waiting?.length ?? 0);
  }

  /** @param task must not reject */
  pass(task: Task): void {
    this.#enter({ task, shared: false });
  }

  /** @param task must not reject; it sends its one command before it awaits anything */
  share(task: Task): void {
    this.#enter({ task, shared: true });
  }

  #enter(waiting: Waiting): void {
    if (this.#waiting) this.#waiting.push(waiting);
    else if (this.#isFreeFor(waiting)) this.#start(waiting);
    else this.#waiting = [waiting];
  }

  #isFreeFor({ shared }: Waiting): boolean {
    return !this.#alone && (shared || this.#sharing === 0);
  }

  #start({ task, shared }: Waiting): void {
    if (shared) this.#sharing += 1;
    else this.#alone = true;
    void task().then(shared ? this.#sharedDone : this.#aloneDone);
  }

  readonly #sharedDone = () => {
    this.#sharing -= 1;
    if (this.#waiting) this.#goOn();
  };

  readonly #aloneDone = () => {
    this.#alone = false;
    if (this.#waiting) this.#goOn();
  };

  #goOn(): void {
    while (this.#waiting) {
      const [next] = this.#waiting;
      if (!next || !this.#isFreeFor(next)) return;
      this.#waiting.shift();
      if (this.#waiting.length === 0) this.#waiting = undefined; // most sessions are idle most of the time
      this.#start(next);
    }
  }
}
