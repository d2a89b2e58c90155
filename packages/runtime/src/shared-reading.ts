/** Time for which a reading is good. */
const FRESH_MS = 1000;

/**
 * Something that costs more to read than to answer with: however many ask, it is read once a second, and those who ask
 * meanwhile share that reading. A reading that failed is shared by those who wait for it, and by nobody after.
 */
export class SharedReading<Value> {
  readonly #read: () => Promise<Value>;
  readonly #now: () => number;
  #last: { readonly at: number; readonly value: Promise<Value>; isPending: boolean } | undefined;

  /** @param now a clock, in ms */
  constructor(read: () => Promise<Value>, now: () => number = () => performance.now()) {
    this.#read = read;
    this.#now = now;
  }

  get(): Promise<Value> {
    const last = this.#last;
    if (last && (last.isPending || this.#now() - last.at < FRESH_MS)) return last.value;
    const begun = { at: this.#now(), value: this.#read(), isPending: true };
    this.#last = begun;
    begun.value.then(
      () => {
        begun.isPending = false;
      },
      () => {
        this.#last = undefined;
      },
    );
    return begun.value;
  }
}
