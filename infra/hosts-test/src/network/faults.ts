import { ip } from "./command.ts";

/** The router looks at its rules in this order; those of the system come before and after. */
const FIRST_RULE = 100;

/** Faults of the cables: each cut is a rule of the router, which drops packets without a word to anybody. */
export class Faults {
  readonly #router: string;
  #next = FIRST_RULE;

  /** @param router its namespace */
  constructor(router: string) {
    this.#router = router;
  }

  /**
   * Drops all packets from each of the first addresses to each of the others.
   * @param to none: to anybody
   * @returns a function that lets them pass again
   */
  async drop(from: readonly string[], to?: readonly string[]): Promise<() => Promise<void>> {
    const rules = from.flatMap((source) => (to ?? ["all"]).map((target) => `from ${source} to ${target}`));
    const numbers: number[] = [];
    for (const rule of rules) {
      const number = this.#next;
      this.#next += 1;
      await ip(this.#router, `rule add pref ${number} ${rule} blackhole`);
      numbers.push(number);
    }
    return async () => {
      for (const number of numbers.splice(0)) await ip(this.#router, `rule del pref ${number}`);
    };
  }

  /** The same in both directions. */
  async cut(some: readonly string[], others: readonly string[]): Promise<() => Promise<void>> {
    const heals = [await this.drop(some, others), await this.drop(others, some)];
    return async () => {
      for (const heal of heals) await heal();
    };
  }

  /** Nothing comes from there, and nothing arrives there. */
  async isolate(address: string): Promise<() => Promise<void>> {
    const heals = [await this.drop([address]), await this.drop(["all"], [address])];
    return async () => {
      for (const heal of heals) await heal();
    };
  }
}
