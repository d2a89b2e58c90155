import { Counts } from "../measure/counts.ts";
import { Faults } from "../measure/faults.ts";
import type { Latencies } from "../measure/latencies.ts";
import { Served } from "../measure/served.ts";
import { Timeline } from "../measure/timeline.ts";
import { Watch } from "../oracle/watch.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TimerWheel } from "../wire/timer-wheel.ts";

export interface StageOptions {
  /** Where somebody else notes what is done to the cluster meanwhile. */
  readonly faults?: Faults;
  /** Makes a token for a user. */
  readonly tokenOf?: ((user: string) => string) | undefined;
}

/** Everything that the users of a run share. */
export class Stage {
  readonly scenario: Scenario;
  readonly wheel: TimerWheel;
  readonly watch: Watch;
  readonly counts = new Counts();
  readonly served = new Served();
  readonly timeline = new Timeline();
  readonly faults: Faults;
  /** Part of every user's name: users of two runs are different ones. */
  readonly run: string;
  readonly random: () => number;
  /** From now on nobody begins anything. */
  isStopping = false;
  readonly #tokenOf: StageOptions["tokenOf"];
  readonly #seats = new Map<string, number>();

  constructor(scenario: Scenario, wheel: TimerWheel, { faults = new Faults(), tokenOf }: StageOptions = {}) {
    this.faults = faults;
    this.#tokenOf = tokenOf;
    this.scenario = scenario;
    this.wheel = wheel;
    this.run = Date.now().toString(36);
    this.random = seeded(scenario.seed);
    const { grace: graceMs, patience: patienceMs } = scenario;
    this.watch = new Watch({ graceMs, patienceMs, startedAt: wheel.now });
  }

  get now(): number {
    return this.wheel.now;
  }

  /** Of the whole run, as far as intervals have ended. */
  get latencies(): Latencies {
    return this.served.all;
  }

  /** Sums up what was measured since the last interval. */
  endInterval(elapsedMs: number): void {
    this.served.sumUp();
    this.timeline.add(elapsedMs, this.counts, this.served, this.watch.violations.total);
  }

  nameOf(index: number): string {
    return `load-${this.run}-${index}`;
  }

  /** The credentials that a user shows when it connects: a token, where it needs one or the scenario wants one. */
  authOf(user: string, needsToken: boolean): object | undefined {
    if (!needsToken && !this.scenario.tokens) return undefined;
    return this.#tokenOf && { token: this.#tokenOf(user) };
  }

  /** The number of a user of this run, or nothing for somebody else. */
  indexOf(name: unknown): number | undefined {
    const prefix = `load-${this.run}-`;
    return typeof name === "string" && name.startsWith(prefix) ? Number(name.slice(prefix.length)) : undefined;
  }

  /** The name of the next room of that kind that has a seat; rooms of a kind have the same size. */
  takeSeat(kind: string, size: number): string {
    const taken = this.#seats.get(kind) ?? 0;
    this.#seats.set(kind, taken + 1);
    return `load-${this.run}-${kind}-${Math.floor(taken / size)}`;
  }
}

/** Numbers from 0 to 1, exclusive, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
