import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { Backoff } from "./backoff.ts";
import type { Found, Guard, Part } from "./part.ts";

const PROBE_EVERY_MS = 100;
const START_LIMIT_MS = 120_000;
/** A part that dies so often without ever having been ready is given up. */
const MAX_DEATHS_AT_START = 5;
/** How many of a part's last lines are kept for when it dies. */
const KEPT_LINES = 20;

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

interface Life {
  readonly child: ChildProcess;
  readonly startedAt: number;
  readonly guard: Guard | undefined;
  readonly ended: Promise<void>;
  told: unknown;
}

/** Keeps one part running: starts it, reports when it is ready, starts it again when it dies. */
export class Supervisor {
  readonly #part: Part;
  readonly #events: SupervisorEvents;
  readonly #backoff = new Backoff();
  readonly #lastLines: string[] = [];
  readonly #firstReady = Promise.withResolvers<void>();
  #life: Life | undefined;
  #running: Running | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  #everReady = false;
  #deaths = 0;

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
    this.#spawn();
    try {
      await this.#firstReady.promise;
    } finally {
      clearTimeout(limit);
    }
  }

  /**
   * Asks the process to end, and ends it when it has not by `deadline` (`performance.now()`). Resolves when it is gone.
   */
  async stop(deadline: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#firstReady.reject(new Error(`${this.#part.name} was stopped before it was ready.`));
    if (this.#life === undefined) return;
    const { child, ended } = this.#life;
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), Math.max(0, deadline - performance.now()));
    await ended;
    clearTimeout(kill);
  }

  /** Signals the process now and does not wait; it is not started again. */
  kill(signal: NodeJS.Signals): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#life?.child.kill(signal);
  }

  #spawn(): void {
    const [program, ...args] = this.#part.command;
    const channel = this.#part.guard === undefined ? (["ipc"] as const) : [];
    const child = spawn(program, args, {
      env: this.#part.environment,
      detached: true, // its own process group: a terminal's Ctrl-C is for the launcher alone, which then stops all in order
      stdio: ["ignore", "pipe", "pipe", ...channel],
    });
    const gone = Promise.withResolvers<string>();
    child.once("exit", (code, signal) => gone.resolve(signal === null ? `exit code ${code}` : signal));
    child.once("error", (error) => gone.resolve(error.message));
    const guard = child.pid === undefined ? undefined : this.#part.guard?.(child.pid);
    const ended = gone.promise.then(() => {});
    const life: Life = { child, startedAt: performance.now(), guard, ended, told: undefined };
    this.#life = life;
    child.on("message", (message) => {
      life.told = message;
    });
    void gone.promise.then((reason) => this.#onEnd(life, reason));
    this.#readLines(child);
    void this.#awaitReady(life);
  }

  #readLines(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
        if (!this.#part.quiet) this.#events.line(line);
      });
    }
  }

  async #awaitReady(life: Life): Promise<void> {
    while (this.#life === life && !this.#stopping) {
      const found = await this.#part.probe(life.told).catch(() => undefined);
      if (this.#life !== life) return;
      const { pid } = life.child;
      if (found === undefined || pid === undefined) {
        await delay(PROBE_EVERY_MS);
        continue;
      }
      this.#running = { ...found, pid };
      this.#everReady = true;
      this.#events.ready(this.#running);
      this.#firstReady.resolve();
      return;
    }
  }

  #onEnd(life: Life, reason: string): void {
    life.guard?.disarm();
    this.#life = undefined;
    this.#running = undefined;
    if (this.#stopping) {
      this.#events.ended();
      return;
    }
    this.#deaths += 1;
    if (!this.#everReady && this.#deaths >= MAX_DEATHS_AT_START) {
      this.#giveUp(`ends at once (${reason})`);
      return;
    }
    if (this.#part.quiet) for (const line of this.#lastLines.splice(0)) this.#events.line(line);
    const waitMs = this.#backoff.afterLifeOf(performance.now() - life.startedAt);
    this.#events.ended(`${reason}; starting it again in ${waitMs / 1000} s`);
    this.#restart = setTimeout(() => this.#spawn(), waitMs);
  }

  #giveUp(why: string): void {
    const lastWords = this.#lastLines.at(-1);
    const printed = lastWords === undefined ? "" : ` Its last words: ${lastWords}`;
    this.#firstReady.reject(new Error(`${this.#part.name} ${why}.${printed}`));
  }
}
