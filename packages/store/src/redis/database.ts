import type { Redis } from "ioredis";
import type { Clock } from "./clock.ts";
import type { CommandObserver, Script } from "./script.ts";
import { LeaseOverError, scriptErrors } from "./script-errors.ts";

/** The store's access to Redis: the connection, the one clock, and the observer of command times. */
export class Database {
  readonly redis: Redis;
  readonly clock: Clock;
  readonly #observe: CommandObserver;

  constructor(redis: Redis, clock: Clock, observe: CommandObserver = () => {}) {
    this.redis = redis;
    this.clock = clock;
    this.#observe = observe;
  }

  /**
   * Runs a script; a negative integer comes back as it is, named in `script-errors.ts`.
   * @throws LeaseOverError if it was refused for that
   */
  async run(script: Script, keys: readonly string[], ...args: readonly (string | number)[]): Promise<unknown> {
    const answer = await this.#observed(script, keys, args);
    if (answer === scriptErrors.leaseOver) throw new LeaseOverError(script.name);
    return answer;
  }

  async #observed(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const from = performance.now();
    try {
      const answer = await script.run(this.redis, keys, args);
      this.#observe(script.name, (performance.now() - from) / 1000, true);
      return answer;
    } catch (error) {
      this.#observe(script.name, (performance.now() - from) / 1000, false);
      throw error;
    }
  }
}
