import { setTimeout as wait } from "node:timers/promises";

/** A turn that is under way, or its rest; and the next one, for all that asked for it meanwhile. */
interface Turn {
  readonly over: Promise<void>;
  next: Promise<void> | undefined;
}

/**
 * Acts on one subject at a time, in turns with a rest between them: what is asked for during a turn or its rest is done once, after it, and
 * by then includes all that led to it. Where nothing else goes on, nothing waits.
 */
export class CoalescedTurns {
  readonly #turns = new Map<string, Turn>();

  /**
   * Resolves when it is done, by this or by another one's `act`.
   * @param act resolves to how long it is to rest, in ms. `isLate`: it waited, and what was known before may be out of date
   */
  run(subject: string, act: (isLate: boolean) => Promise<number>): Promise<void> {
    const turn = this.#turns.get(subject);
    if (!turn) return this.#begin(subject, act(false));
    turn.next ??= turn.over.then(() => this.#begin(subject, act(true)));
    return turn.next;
  }

  #begin(subject: string, acted: Promise<number>): Promise<void> {
    const turn: Turn = { over: acted.then(rest, () => {}), next: undefined };
    this.#turns.set(subject, turn);
    void turn.over.then(() => {
      if (!turn.next) this.#turns.delete(subject);
    });
    return acted.then(() => {});
  }
}

async function rest(ms: number): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { ref: false });
}
