/** Keeps the replies of a store's aggregate back: what was asked is carried out at once, and answered when a test says so. */
export class LateReplies {
  /** The methods whose replies are late. */
  readonly late = new Set<string>();
  /** Runs just before a call is carried out. */
  before: (method: string) => Promise<void> = async () => {};
  readonly #kept: (() => void)[] = [];

  get size(): number {
    return this.#kept.length;
  }

  /** Lets one reply come, or all. */
  come(count = this.#kept.length): void {
    for (const deliver of this.#kept.splice(0, count)) deliver();
  }

  /** The same aggregate, by this slow way. */
  of<T extends object>(aggregate: T): T {
    const get = (target: T, name: string | symbol) => {
      const method = (Reflect.get(target, name, target) as (...args: unknown[]) => Promise<unknown>).bind(target);
      return (...args: unknown[]) => this.#pass(String(name), () => method(...args));
    };
    return new Proxy(aggregate, { get });
  }

  async #pass(name: string, call: () => Promise<unknown>): Promise<unknown> {
    await this.before(name);
    const answer = await call();
    if (this.late.has(name)) await new Promise<void>((resume) => this.#kept.push(resume));
    return answer;
  }
}
