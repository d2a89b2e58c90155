import { setTimeout as wait } from "node:timers/promises";
import type { Half } from "../oracle/half.ts";
import { runLoad, UnreachableError } from "../run/load.ts";
import type { TokenMaker } from "../run/stage.ts";
import { readScenario } from "../scenario/read.ts";
import { needsTokens } from "../scenario/schema.ts";
import { CancelledError, type Part, type PartFigures, type PartState, type Phase, phases } from "./part.ts";
import { type PartProgress, partOf, type Slice, type SliceResult } from "./slice.ts";

const ASK_EVERY_MS = 100;

/** A worker's way to the one that hands out. */
export interface Post {
  /** The run's phase; nothing where it was cancelled. */
  phase(): Promise<Phase | undefined>;
  report(progress: PartProgress): void;
  deliver(halves: readonly Half[]): void;
}

/** The maker of tokens, if a scenario needs one. It is the worker's own: no secret is handed out with a slice. */
export type TokenSource = () => TokenMaker | Promise<TokenMaker>;

/**
 * Carries out a slice.
 * @throws CancelledError, ScenarioError
 */
export async function workOn(slice: Slice, post: Post, tokens?: TokenSource): Promise<SliceResult> {
  const scenario = partOf(readScenario(slice.scenario, slice.overrides), slice);
  const tokenOf = needsTokens(scenario) ? await tokens?.() : undefined;
  const part = new SlicePart(slice, post);
  const over = new AbortController();
  const watching = part.watch(over.signal);
  try {
    const metrics = slice.number === 1 ? slice.metrics : [];
    const report = await runLoad(scenario, { part, signal: part.stop, metrics, tokenOf });
    if (part.isCancelled) throw new CancelledError();
    return { report, disturbed: [...part.disturbed] };
  } catch (error) {
    if (error instanceof UnreachableError) return { unreachable: error.message };
    throw error;
  } finally {
    over.abort();
    await watching;
  }
}

/** Follows the phases of the run, which are asked for again and again: none can be missed. */
class SlicePart implements Part {
  readonly run: string;
  readonly number: number;
  disturbed: readonly number[] = [];
  isCancelled = false;
  readonly #post: Post;
  readonly #stop = new AbortController();
  #state: PartState = "running";
  #figures: PartFigures | undefined;
  #phase: Phase = "prepare";
  #moved = Promise.withResolvers<void>();

  constructor({ run, number }: Slice, post: Post) {
    this.run = run;
    this.number = number;
    this.#post = post;
  }

  /** Ends what is under way, with what there is so far. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  async watch(over: AbortSignal): Promise<void> {
    while (!over.aborted && !this.isCancelled) {
      const phase = await this.#post.phase();
      this.isCancelled = phase === undefined;
      if (phase !== undefined) this.#phase = phase;
      if (this.isCancelled || this.#isAt("stop")) this.#stop.abort();
      this.#moved.resolve();
      this.#moved = Promise.withResolvers<void>();
      await wait(ASK_EVERY_MS, undefined, { signal: over }).catch(() => {});
    }
  }

  ready(): Promise<void> {
    return this.#waitAs("ready", "run");
  }

  quiet(): Promise<void> {
    return this.#waitAs("quiet", "finish");
  }

  settled(): Promise<void> {
    return this.#waitAs("settled", "end");
  }

  look(figures: PartFigures, halves: readonly Half[]): void {
    this.#figures = figures;
    this.#post.report({ state: this.#state, figures });
    if (halves.length > 0) this.#post.deliver(halves);
  }

  over(disturbed: readonly number[]): void {
    this.disturbed = disturbed;
  }

  async #waitAs(state: PartState, phase: Phase): Promise<void> {
    this.#state = state;
    this.#post.report({ state, figures: this.#figures });
    while (!this.#isAt(phase) && !this.isCancelled) await this.#moved.promise;
    if (this.isCancelled) throw new CancelledError();
    if (state === "ready") this.#state = "running";
  }

  #isAt(phase: Phase): boolean {
    return phases.indexOf(this.#phase) >= phases.indexOf(phase);
  }
}
