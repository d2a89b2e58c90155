import { setTimeout as wait } from "node:timers/promises";
import type { Faults } from "@switchyard/load";
import type { Fault } from "../schedule/fault.ts";
import { FaultError, type Injected, inject, NoVictimError, type Target } from "../target/target.ts";

/** Injects the faults of a schedule at their times, and ends each of them, also where the run ends in the middle of one. */
export class Injector {
  readonly #target: Target;
  readonly #schedule: readonly Fault[];
  readonly #noted: Faults;
  readonly #end = new AbortController();
  #count = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(target: Target, schedule: readonly Fault[], noted: Faults) {
    this.#target = target;
    this.#schedule = schedule;
    this.#noted = noted;
  }

  /** How many faults have been injected by now. */
  get count(): number {
    return this.#count;
  }

  /**
   * @param afterMs when the times of the schedule begin
   * @param failed is called where a fault can't be injected, or not be ended; no other one follows
   */
  begin(afterMs: number, failed: () => void): void {
    const startedAt = performance.now() + afterMs;
    this.#work = this.#injectAll(startedAt);
    this.#work.catch(failed);
  }

  /**
   * Ends what has not ended, and resolves when nothing is left of any fault.
   * @throws FaultError for a fault that could not be injected, or not be ended
   */
  async end(): Promise<void> {
    this.#end.abort();
    await this.#work;
  }

  async #injectAll(startedAt: number): Promise<void> {
    for (const fault of this.#schedule) {
      await this.#until(startedAt + fault.atMs);
      if (this.#end.signal.aborted) return;
      await this.#injectOne(fault).catch((error: unknown) => {
        const sentence = `${fault.kind}: ${error instanceof Error ? error.message : String(error)}`;
        if (!(error instanceof NoVictimError)) throw new FaultError(sentence, { cause: error });
        this.#noted.note(fault.kind, `${sentence}, so nothing was done`);
      });
    }
  }

  async #injectOne(fault: Fault): Promise<void> {
    const { text, undo }: Injected = await inject(this.#target, fault);
    this.#count += 1;
    this.#noted.note(fault.kind, text);
    if (!undo) return;
    await this.#until(performance.now() + fault.lastsMs);
    this.#noted.note(fault.kind, await undo());
  }

  /** Resolves at that time, or when all is to end. */
  async #until(at: number): Promise<void> {
    const { signal } = this.#end;
    await wait(Math.max(0, at - performance.now()), undefined, { signal }).catch(() => {});
  }
}
