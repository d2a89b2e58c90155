/** Numbers of a report, each of which may be in a threshold. */
export const countNames = [
  "users",
  "requests",
  "sent",
  "acknowledged",
  "refused",
  "unknown",
  "received",
  "paired",
  "lost connections",
  "recovered",
  "not recovered",
  "failed attempts",
  "late arrivals",
] as const;
export type CountName = (typeof countNames)[number];

const ERRORS_KEPT = 100;

/** Numbers of a run, and its errors by what they said. */
export class Counts {
  /** Users that are connected at the moment. */
  connected = 0;
  readonly #counts = new Map<CountName, number>(countNames.map((name) => [name, 0]));
  readonly #errors = new Map<string, number>();

  add(name: CountName): void {
    this.#counts.set(name, this.get(name) + 1);
  }

  get(name: CountName): number {
    return this.#counts.get(name) ?? 0;
  }

  /** @param error its type, as the server or the system gives it; rare ones beyond the hundredth are added up */
  fail(error: string, times = 1): void {
    const name = this.#errors.has(error) || this.#errors.size < ERRORS_KEPT ? error : "others";
    this.#errors.set(name, (this.#errors.get(name) ?? 0) + times);
  }

  /** Adds those of another process. */
  include(counts: Readonly<Record<CountName, number>>, errors: Readonly<Record<string, number>>): void {
    for (const name of countNames) this.#counts.set(name, this.get(name) + counts[name]);
    for (const [error, times] of Object.entries(errors)) this.fail(error, times);
  }

  get errors(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#errors].sort(([, one], [, other]) => other - one));
  }

  get errorTotal(): number {
    return [...this.#errors.values()].reduce((sum, count) => sum + count, 0);
  }

  /** All numbers by name. */
  get all(): Readonly<Record<CountName, number>> {
    return Object.fromEntries(this.#counts) as Record<CountName, number>;
  }
}
