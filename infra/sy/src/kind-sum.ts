import type { KeyCost } from "@switchyard/store/inspection";

/** The sum of the keys of one kind. Memory as Redis estimates it. */
export class KindSum {
  readonly #kind: string;
  #count = 0;
  #bytes = 0;
  #expiring = 0;
  #longestTtlMs = 0;
  #biggest = { name: "", bytes: 0 };

  constructor(kind: string) {
    this.#kind = kind;
  }

  add(name: string, { bytes, ttlMs }: KeyCost): void {
    this.#count += 1;
    this.#bytes += bytes;
    if (ttlMs !== undefined) {
      this.#expiring += 1;
      this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs);
    }
    if (bytes > this.#biggest.bytes) this.#biggest = { name, bytes };
  }

  figures() {
    return {
      kind: this.#kind,
      count: this.#count,
      bytes: this.#bytes,
      /** How many of them have a lifetime, and the longest of those. */
      expiring: this.#expiring,
      longestTtlMs: this.#longestTtlMs,
      biggest: this.#biggest,
    };
  }
}
