const TICK_MS = 5;
const SLOTS = 4096;

/** Something that a timer wakes: `what` tells its timers apart, `at` is the time for which it was set. */
export interface Timed {
  due(what: number, at: number): void;
}

/** A timer that was set. */
export interface Timer {
  readonly tick: number;
  readonly what: number;
  target: Timed | undefined;
}

/**
 * All timers of a process behind a single one of the system, precise to 5 ms: a connection has no closure and no timer
 * of its own. A time is rounded up to a tick before it is handed on, so that latencies that are measured from it do not
 * include the rounding. A process that stood still hands on every time that it missed, as it was set.
 */
export class TimerWheel {
  readonly #slots: Timer[][] = Array.from({ length: SLOTS }, () => []);
  readonly #clock: () => number;
  #done: number;
  #interval: NodeJS.Timeout | undefined;

  /** @param clock in ms; it never goes back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#done = Math.floor(clock() / TICK_MS);
  }

  get now(): number {
    return this.#clock();
  }

  start(): void {
    this.#interval ??= setInterval(() => this.turn(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  /** @param at in ms of the wheel's clock; a time that is over is due at the next turn */
  set(at: number, target: Timed, what: number): Timer {
    const tick = Math.max(Math.ceil(at / TICK_MS), this.#done + 1);
    const timer: Timer = { tick, what, target };
    this.#slots[tick % SLOTS]?.push(timer);
    return timer;
  }

  clear(timer: Timer | undefined): void {
    if (timer) timer.target = undefined;
  }

  /** Wakes all that are due by now. */
  turn(): void {
    const now = Math.floor(this.#clock() / TICK_MS);
    while (this.#done < now) {
      this.#done += 1;
      this.#wake(this.#done);
    }
  }

  #wake(tick: number): void {
    const slot = this.#slots[tick % SLOTS];
    if (!slot || slot.length === 0) return;
    this.#slots[tick % SLOTS] = [];
    for (const timer of slot) {
      if (timer.tick > tick)
        this.#slots[tick % SLOTS]?.push(timer); // of a later round
      else timer.target?.due(timer.what, timer.tick * TICK_MS);
    }
  }
}
