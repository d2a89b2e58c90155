type Task = () => Promise<void>;
interface QueuedTask {
  readonly task: Task;
  readonly shared: boolean;
}

/**
 * Lets a session's tasks through in the order they came: one at a time, but those that may share the way start right after one another.
 * Only what sends one command to Redis, in the very moment it starts, may share it: the connection keeps such commands in order, and
 * none waits for the answer to the one before.
 */
export class EventQueue {
  #waiting: QueuedTask[] | undefined;
  #isExclusive = false;
  #sharing = 0;

  /** How many tasks wait or share the way. */
  get length(): number {
    return this.#sharing + (this.#waiting?.length ?? 0);
  }

  /** @param task must not reject */
  runExclusive(task: Task): void {
    this.#add({ task, shared: false });
  }

  /** @param task must not reject; it sends its one command before it awaits anything */
  runShared(task: Task): void {
    this.#add({ task, shared: true });
  }

  #add(waiting: QueuedTask): void {
    if (this.#waiting) this.#waiting.push(waiting);
    else if (this.#isFreeFor(waiting)) this.#start(waiting);
    else this.#waiting = [waiting];
  }

  #isFreeFor({ shared }: QueuedTask): boolean {
    return !this.#isExclusive && (shared || this.#sharing === 0);
  }

  #start({ task, shared }: QueuedTask): void {
    if (shared) this.#sharing += 1;
    else this.#isExclusive = true;
    void task().then(shared ? this.#sharedDone : this.#exclusiveDone);
  }

  readonly #sharedDone = () => {
    this.#sharing -= 1;
    if (this.#waiting) this.#startNext();
  };

  readonly #exclusiveDone = () => {
    this.#isExclusive = false;
    if (this.#waiting) this.#startNext();
  };

  #startNext(): void {
    while (this.#waiting) {
      const [next] = this.#waiting;
      if (!next || !this.#isFreeFor(next)) return;
      this.#waiting.shift();
      if (this.#waiting.length === 0) this.#waiting = undefined; // most sessions are idle most of the time
      this.#start(next);
    }
  }
}
