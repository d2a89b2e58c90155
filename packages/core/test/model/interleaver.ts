/** A call of the store that a process has made and that has not been carried out yet. */
interface PendingCall {
  readonly process: string;
  readonly slot: string;
  readonly name: string;
  readonly carryOut: () => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What a call rejects with whose answer was lost on the way. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** Lets an answer that was lost pass, and no other failure. */
export function unlessLost(error: unknown): void {
  if (!(error instanceof ConnectionLost)) throw error;
}

/**
 * Decides whose call of the store is carried out next: so every interleaving of processes, and of the calls that one makes at the
 * same time, can be had, and had again. As with Redis Cluster, only what one process sends to one slot keeps its order. Nothing else
 * in a process waits for anything but such calls.
 */
export class Interleaver {
  readonly trace: string[] = [];
  #pending: PendingCall[] = [];
  readonly #ungated = new Set<Promise<unknown>>();
  readonly #still = new Set<string>();

  /** How many calls could be carried out now. */
  get size(): number {
    return this.#pending.filter(({ process }) => !this.#still.has(process)).length;
  }

  /** None of a process's calls is carried out until it wakes up. */
  standStill(process: string): void {
    this.#still.add(process);
  }

  wakeUp(process: string): void {
    this.#still.delete(process);
  }

  /** Holds a call back until it is chosen. */
  gate(call: Pick<PendingCall, "process" | "slot" | "name" | "carryOut">): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ ...call, resolve, reject });
    });
  }

  /** Lets a call pass at once that no interleaving can tell apart. */
  pass<T>(call: Promise<T>): Promise<T> {
    this.#ungated.add(call);
    return call.finally(() => this.#ungated.delete(call));
  }

  /** Carries one call out. */
  async step(choice: number): Promise<void> {
    const call = this.#choose(choice);
    if (!call) return;
    this.#note(call, "");
    await call.carryOut().then(call.resolve, call.reject);
    await this.drain();
  }

  /** A connection breaks: one call is carried out, or not, and its process does not learn which. */
  async lose(choice: number, carriedOut: boolean): Promise<void> {
    const call = this.#choose(choice);
    if (!call) return;
    this.#note(call, carriedOut ? "  (the answer is lost)" : "  (lost)");
    if (carriedOut) await call.carryOut().catch(() => {});
    call.reject(new ConnectionLost(call.name));
    await this.drain();
  }

  /** A process dies: what it has not said yet is never said, and nothing of it goes on. */
  kill(process: string): void {
    this.#pending = this.#pending.filter((call) => call.process !== process);
    this.#still.delete(process);
  }

  /** Resolves when every process waits for a gated call or for nothing. */
  async drain(): Promise<void> {
    do {
      await Promise.allSettled(this.#ungated);
      await new Promise((resume) => setImmediate(resume));
    } while (this.#ungated.size > 0);
  }

  #choose(choice: number): PendingCall | undefined {
    const firsts = this.#pending.filter(
      ({ process, slot }, i) =>
        !this.#still.has(process) &&
        i === this.#pending.findIndex((one) => one.process === process && one.slot === slot),
    );
    const call = firsts[choice % Math.max(1, firsts.length)];
    this.#pending = this.#pending.filter((one) => one !== call);
    return call;
  }

  #note({ process, name }: PendingCall, how: string): void {
    this.trace.push(`    ${process} ${name}${how}`);
  }
}
