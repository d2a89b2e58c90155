import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const PROBE_EVERY_MS = 100;
const START_LIMIT_MS = 120_000;
/** A part that dies so often without ever having been ready is given up. */
const MAX_DEATHS_AT_START = 5;
/** How many of a part's last lines are kept for when it dies. */
const KEPT_LINES = 20;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
const HEALTHY_AFTER_MS = 10_000;

/** A program that the launcher keeps running. */
export interface Part {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Asks the running program for its id; `undefined` or a rejection mean that it isn't ready yet.
   * @param told the message that it has sent over its IPC channel (`notifyParent`), if any
   */
  readonly probe: (told: unknown) => Promise<Found | undefined>;
  /**
   * For a program that can't watch its parent: ends it when the launcher is gone without having stopped it, unless the
   * returned function was called, since it has ended by itself. Programs without a guard get an IPC channel, and end when
   * it closes (`stopWithParent`).
   */
  readonly guard?: (pid: number) => () => void;
  /** Whether its output is of interest only when it has died. */
  readonly quiet?: boolean;
}

/** The name that a running program gives itself, and the address at which it can be reached. */
export interface Found {
  readonly id: string;
  readonly url: string;
}

/** A part's process while it is ready. */
export interface Running extends Found {
  readonly pid: number;
}

export interface SupervisorEvents {
  readonly ready: (running: Running) => void;
  /** Its process has ended; `unexpectedly` with the reason and the seconds until it is started again. */
  readonly ended: (unexpectedly?: string) => void;
  readonly line: (text: string) => void;
}

/** How long to wait before something that died is started again: longer each time, until it has lived for a while. */
export class Backoff {
  #nextMs = FIRST_WAIT_MS;

  /** @param livedMs how long it lived this time */
  afterLifeOf(livedMs: number): number {
    const waitMs = livedMs >= HEALTHY_AFTER_MS ? FIRST_WAIT_MS : this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    return waitMs;
  }
}

/** Keeps one part running: starts it, reports when it is ready, starts it again when it dies. */
export class Supervisor {
  readonly #part: Part;
  readonly #events: SupervisorEvents;
  readonly #lastLines: string[] = [];
  readonly #firstReady = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #lives = Promise.resolve();
  #child: ChildProcess | undefined;
  #running: Running | undefined;
  #everReady = false;

  constructor(part: Part, events: SupervisorEvents) {
    this.#part = part;
    this.#events = events;
    this.#firstReady.promise.catch(() => {}); // the caller of `start` receives the error
  }

  get running(): Running | undefined {
    return this.#running;
  }

  /**
   * Resolves when the part is ready for the first time.
   * @throws Error with one sentence when it does not come up
   */
  async start(): Promise<void> {
    const limit = setTimeout(() => this.#giveUp(`is not ready after ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    this.#lives = this.#keepRunning();
    await this.#firstReady.promise.finally(() => clearTimeout(limit));
  }

  /**
   * Asks the process to end, and ends it when it has not by `deadline` (`performance.now()`). Resolves when it is gone.
   */
  async stop(deadline: number): Promise<void> {
    const child = this.#child;
    this.kill("SIGTERM");
    this.#firstReady.reject(new Error(`${this.#part.name} was stopped before it was ready.`));
    const kill = setTimeout(() => child?.kill("SIGKILL"), Math.max(0, deadline - performance.now()));
    await this.#lives;
    clearTimeout(kill);
  }

  /** Signals the process now and does not wait; it is not started again. */
  kill(signal: NodeJS.Signals): void {
    this.#stop.abort();
    this.#child?.kill(signal);
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop;
    const backoff = new Backoff();
    for (let deaths = 1; !signal.aborted; deaths += 1) {
      const startedAt = performance.now();
      const reason = await this.#live();
      if (signal.aborted) return this.#events.ended();
      if (!this.#everReady && deaths >= MAX_DEATHS_AT_START) return this.#giveUp(`ends at once (${reason})`);
      if (this.#part.quiet) for (const line of this.#lastLines.splice(0)) this.#events.line(line);
      const waitMs = backoff.afterLifeOf(performance.now() - startedAt);
      this.#events.ended(`${reason}; starting it again in ${waitMs / 1000} s`);
      await delay(waitMs, undefined, { signal }).catch(() => {}); // or until it is stopped
    }
  }

  /** Runs the program until it ends, by itself or not. Resolves to the reason. */
  async #live(): Promise<string> {
    const [program, ...args] = this.#part.command;
    const channel = this.#part.guard === undefined ? (["ipc"] as const) : [];
    const child = spawn(program, args, {
      env: this.#part.environment,
      detached: true, // its own process group: a terminal's Ctrl-C is for the launcher alone, which then stops all in order
      stdio: ["ignore", "pipe", "pipe", ...channel],
    });
    const end = new Promise<string>((resolve) => {
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once("error", ({ message }) => resolve(message));
    });
    this.#child = child;
    const disarm = child.pid === undefined ? undefined : this.#part.guard?.(child.pid);
    this.#readLines(child);
    void this.#awaitReady(child);
    const reason = await end;
    disarm?.();
    this.#child = undefined;
    this.#running = undefined;
    return reason;
  }

  #readLines({ stdout, stderr }: ChildProcess): void {
    for (const input of [stdout, stderr]) {
      if (input === null) continue;
      createInterface({ input }).on("line", (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
        if (!this.#part.quiet) this.#events.line(line);
      });
    }
  }

  async #awaitReady(child: ChildProcess): Promise<void> {
    let told: unknown;
    child.on("message", (message) => (told = message));
    while (this.#child === child && !this.#stop.signal.aborted) {
      const found = await this.#part.probe(told).catch(() => undefined);
      if (this.#child !== child) return;
      if (found !== undefined && child.pid !== undefined) {
        this.#running = { ...found, pid: child.pid };
        this.#everReady = true;
        this.#events.ready(this.#running);
        return this.#firstReady.resolve();
      }
      await delay(PROBE_EVERY_MS);
    }
  }

  #giveUp(why: string): void {
    const lastWords = this.#lastLines.at(-1);
    const printed = lastWords === undefined ? "" : ` Its last words: ${lastWords}`;
    this.#firstReady.reject(new Error(`${this.#part.name} ${why}.${printed}`));
  }
}
