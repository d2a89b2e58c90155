import { setTimeout as wait } from "node:timers/promises";
import type { User } from "../behaviour/user.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type Timed, TimerWheel } from "../wire/timer-wheel.ts";
import type { Part } from "../workers/part.ts";
import { Crowd } from "./crowd.ts";
import { Stage, type StageOptions } from "./stage.ts";

const LOOK_MS = 1000;
const QUIET_POLL_MS = 100;
const LOOK = 1;
const CUT = 2;
/** Users that are asked whether they have a connection that could be cut. */
const CUT_TRIES = 20;

/** One run of a scenario, from the first user who comes until the last one is gone. */
export class Runner implements Timed {
  readonly stage: Stage;
  readonly #crowd: Crowd;
  readonly #look: (runner: Runner) => void;
  readonly #part: Part | undefined;
  readonly #startedAt: number;
  #stop: () => void = () => {};
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  /** @param look is called once a second */
  constructor(scenario: Scenario, look: (runner: Runner) => void = () => {}, options: StageOptions = {}) {
    this.stage = new Stage(scenario, new TimerWheel(), options);
    this.#part = options.part;
    this.#crowd = new Crowd(this.stage);
    this.#look = look;
    this.#startedAt = this.stage.now;
  }

  /** How long it has been running, in ms. */
  get elapsedMs(): number {
    return this.stage.now - this.#startedAt;
  }

  /** How long users come and talk, in ms. */
  get lengthMs(): number {
    const { arrival, ramp, duration } = this.stage.scenario;
    return "users" in arrival ? ramp + duration : duration;
  }

  /** Ends it early, with what has been measured so far. */
  stop(): void {
    this.#stop();
  }

  async run(): Promise<void> {
    const { wheel, scenario } = this.stage;
    const end = new AbortController();
    wheel.start();
    try {
      this.#crowd.gather(this.lengthMs);
      wheel.set(wheel.now + LOOK_MS, this, LOOK);
      if (scenario.cuts > 0) wheel.set(wheel.now + scenario.ramp, this, CUT);
      await Promise.race([this.#untilOver(end.signal), this.#stopped]);
      this.stage.limiter.close();
      this.stage.isStopping = true;
      await this.#untilQuiet();
      if (this.#part) await this.#conclude(this.#part);
      this.stage.watch.settle(this.stage.now); // first: nothing is owed to those who are disconnected
      this.#crowd.end();
      this.stage.endInterval(this.elapsedMs);
    } finally {
      end.abort();
      for (const user of this.#crowd.users) user.client.disconnect();
      wheel.stop();
    }
  }

  due(what: number, at: number): void {
    const { wheel, isStopping, scenario } = this.stage;
    if (what === LOOK) {
      // after a time in which this process stood still, there are events that it has not read yet
      if (!isStopping && wheel.now - at < LOOK_MS) this.stage.watch.look(wheel.now);
      this.stage.endInterval(this.elapsedMs);
      this.#look(this);
      wheel.set(wheel.now + LOOK_MS, this, LOOK); // one for all that it missed while it stood still
    } else if (!isStopping) {
      this.#cut(this.#userWithConnection());
      wheel.set(at + 1000 / scenario.cuts, this, CUT);
    }
  }

  #cut(user: User | undefined): void {
    if (!user) return;
    this.stage.faults.note("cut", `the connection of ${user.name}, at ${user.client.node}`);
    user.client.cut();
  }

  /** The time of the users begins when all are there; a cluster may take longer than the ramp to let them in. */
  async #untilOver(signal: AbortSignal): Promise<void> {
    const { scenario, limiter } = this.stage;
    await wait(this.lengthMs - scenario.duration, undefined, { signal });
    while (!limiter.isEmpty) await wait(QUIET_POLL_MS, undefined, { signal });
    await wait(scenario.duration, undefined, { signal });
  }

  /** Everything that was sent has its answer and has arrived, and those who lost their connection are back; or it took too long. */
  async #untilQuiet(isConcluding = false): Promise<void> {
    const { watch, scenario } = this.stage;
    let left = scenario.patience / QUIET_POLL_MS; // polls, not time: where this process stands still, it has not looked
    const isCalm = () => this.#crowd.users.every((user) => user.isCalm);
    const isQuiet = () => watch.isQuiet && (!isConcluding || watch.isConcluded) && isCalm();
    for (; left > 0 && !isQuiet(); left -= 1) await wait(QUIET_POLL_MS);
  }

  /**
   * Messages from users of other workers are owed as well, and only those workers know them. So all wait until every
   * worker is quiet; then each user sends a partner elsewhere one last message.
   */
  async #conclude(part: Part): Promise<void> {
    await part.quiet();
    for (const user of this.#crowd.users) if (!user.isLeaving) user.conclude(this.stage.now);
    await this.#untilQuiet(true);
    this.stage.watch.settleDistant(); // first: the users of other workers may be disconnected before those of this one
    await part.settled();
  }

  #userWithConnection(): User | undefined {
    const { users } = this.#crowd;
    for (let tries = 0; tries < CUT_TRIES; tries += 1) {
      const user = users[Math.floor(this.stage.random() * users.length)];
      if (user?.isConnected && !user.isLeaving) return user;
    }
    return undefined;
  }
}
