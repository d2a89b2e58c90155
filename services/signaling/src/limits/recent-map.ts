/**
 * A map that forgets what nobody asked for: an entry is gone between one and two lifetimes after it was asked for last. Nothing is
 * ever searched for what is old, a whole generation goes at once.
 */
export class RecentMap<Value> {
  readonly #lifetimeMs: number;
  readonly #create: (key: string) => Value;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #turnsAt = Number.NEGATIVE_INFINITY;

  constructor(lifetimeMs: number, create: (key: string) => Value) {
    this.#lifetimeMs = lifetimeMs;
    this.#create = create;
  }

  /** How many entries it remembers. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The key's value, a new one if there is none. */
  get(key: string, nowMs: number): Value {
    if (nowMs >= this.#turnsAt) this.#turn(nowMs);
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const value = this.#old.get(key) ?? this.#create(key);
    this.#old.delete(key);
    this.#young.set(key, value);
    return value;
  }

  /** The key's value, if it is remembered; asking so does not keep it. */
  find(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  #turn(nowMs: number): void {
    const everythingIsOld = nowMs >= this.#turnsAt + this.#lifetimeMs;
    this.#old = everythingIsOld ? new Map() : this.#young;
    this.#young = new Map();
    this.#turnsAt = nowMs + this.#lifetimeMs;
  }
}
