import type { Allowance } from "./allowance.ts";

/** Something is over a limit. */
export interface OverLimit {
  /** The limit, as `limits_hit_total` names it. */
  readonly limit: string;
  /** After how many ms it is allowed again. */
  readonly waitMs: number;
}

/** `undefined`: allowed. A promise only where Redis has to be asked first. */
export type Decision = OverLimit | undefined | Promise<OverLimit | undefined>;

/** An allowance that all clients behind one address share. Nothing is refused where it is lifted, or where no address is known. */
export class AddressAllowance {
  readonly #limit: string;
  readonly #allowance: Allowance | undefined;

  /** @param allowance of addresses; `undefined`: it is lifted */
  constructor(limit: string, allowance: Allowance | undefined) {
    this.#limit = limit;
    this.#allowance = allowance;
  }

  /** Whether it is known to be used up. Asking uses nothing. */
  check(address: string | undefined, nowMs: number): OverLimit | undefined {
    if (!this.#allowance || address === undefined) return undefined;
    return this.#refusal(this.#allowance.waitFor(address, nowMs));
  }

  /** Uses one point. */
  take(address: string | undefined, nowMs?: number): Decision {
    if (!this.#allowance || address === undefined) return undefined;
    const waitMs = this.#allowance.take(address, nowMs);
    return typeof waitMs === "number" ? this.#refusal(waitMs) : waitMs.then((ms) => this.#refusal(ms));
  }

  #refusal(waitMs: number): OverLimit | undefined {
    return waitMs > 0 ? { limit: this.#limit, waitMs } : undefined;
  }
}
