import { setTimeout as wait } from "node:timers/promises";
import type { User } from "../behaviour/user.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type Timed, TimerWheel } from "../wire/timer-wheel.ts";
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
  readonly #startedAt: number;
  #stop: () => void = () => {};
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  /** @param look is called once a second */
  constructor(scenario: Scenario, look: (runner: Runner) => void = () => {}, options: StageOptions = {}) {
    this.stage = new Stage(scenario, new TimerWheel(), options);
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
      await Promise.race([wait(this.lengthMs, undefined, { signal: end.signal }), this.#stopped]);
      this.stage.isStopping = true;
      await this.#untilQuiet();
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

  /** Everything that was sent has its answer and has arrived, and those who lost their connection are back; or it took too long. */
  async #untilQuiet(): Promise<void> {
    const { watch, scenario } = this.stage;
    let left = scenario.patience / QUIET_POLL_MS; // polls, not time: where this process stands still, it has not looked
    for (; left > 0 && !(watch.isQuiet && this.#crowd.users.every(({ isCalm }) => isCalm)); left -= 1)
      await wait(QUIET_POLL_MS);
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
