import { Counts } from "../measure/counts.ts";
import { Faults } from "../measure/faults.ts";
import type { Latencies } from "../measure/latencies.ts";
import { Served } from "../measure/served.ts";
import { Timeline } from "../measure/timeline.ts";
import { Watch } from "../oracle/watch.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TimerWheel } from "../wire/timer-wheel.ts";
import type { Part } from "../workers/part.ts";
import { HandshakeLimiter } from "./handshake-limiter.ts";

/** Makes the token of a user, which it shows when it connects. */
export type TokenMaker = (user: string) => string;

export interface StageOptions {
  /** Where somebody else notes what is done to the cluster meanwhile. */
  readonly faults?: Faults;
  /** For users who show a token. */
  readonly tokenOf?: TokenMaker | undefined;
  /** Where other processes carry out the rest of the run: users of each are distinguished by it. */
  readonly part?: Part;
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
  /** Part of every user's name: users of two runs are different ones, and so are those of two workers of a run. */
  readonly run: string;
  /** The beginning of the names of all workers' parts of the run; the same as `run` for a process that is alone. */
  readonly family: string;
  /** Users that have lost a connection, by their numbers. */
  readonly disturbed = new Set<number>();
  readonly random: () => number;
  readonly limiter: HandshakeLimiter;
  /** From now on nobody begins anything. */
  isStopping = false;
  readonly #tokenOf: StageOptions["tokenOf"];
  readonly #seats = new Map<string, number>();

  constructor(scenario: Scenario, wheel: TimerWheel, { faults = new Faults(), tokenOf, part }: StageOptions = {}) {
    this.faults = faults;
    this.#tokenOf = tokenOf;
    this.scenario = scenario;
    this.wheel = wheel;
    this.family = part ? `${part.run}.` : Date.now().toString(36);
    this.run = part ? `${this.family}${part.number}` : this.family;
    this.limiter = new HandshakeLimiter("users" in scenario.arrival ? scenario.handshakes : Number.POSITIVE_INFINITY);
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

  /** @param run of another worker's part */
  nameOf(index: number, run = this.run): string {
    return `load-${run}-${index}`;
  }

  /** Whether it is the name of a user of another worker. */
  isElsewhere(name: unknown): name is string {
    return (
      this.family !== this.run && String(name).startsWith(`load-${this.family}`) && this.indexOf(name) === undefined
    );
  }

  /** The address that a user's connections come from, where the scenario names some. */
  sourceOf(index: number): string | undefined {
    const { sources } = this.scenario;
    return sources[index % sources.length];
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
