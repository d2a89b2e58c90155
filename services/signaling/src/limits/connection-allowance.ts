import type { AllowanceOptions } from "./allowance.ts";
import { RecentMap } from "./recent-map.ts";

/** A connection of Engine.IO, with notes for the limits: many sessions may use it, at once or one after another. */
export interface CountedConnection {
  readonly id: string;
  /** The client's, as `addressGroup` writes it; `undefined` for a connection that came past the handshakes. */
  address?: string;
  /** How often its client has asked for a namespace. */
  connects?: number;
}

interface Use {
  points: number;
  endsAt: number;
}

/**
 * So much for each connection and window, which begins with the first use. Only the node that holds the connection counts it, so Redis
 * has no part in it; connections that are idle are forgotten.
 */
export class ConnectionAllowance {
  readonly #points: number;
  readonly #durationMs: number;
  readonly #uses: RecentMap<Use>;

  constructor({ points, duration }: Pick<AllowanceOptions, "points" | "duration">) {
    this.#points = points;
    this.#durationMs = duration * 1000;
    this.#uses = new RecentMap(this.#durationMs, () => ({ points: 0, endsAt: 0 }));
  }

  /**
   * Uses one point, also where none is left.
   * @returns 0 if it was there; else after how many ms it is
   */
  take({ id }: CountedConnection, nowMs: number): number {
    const use = this.#uses.get(id, nowMs);
    if (nowMs >= use.endsAt) {
      use.points = 0;
      use.endsAt = nowMs + this.#durationMs;
    }
    use.points += 1;
    return use.points > this.#points ? use.endsAt - nowMs : 0;
  }

  /** The thing that a point was taken for has been refused. */
  giveBack({ id }: CountedConnection): void {
    const use = this.#uses.find(id);
    if (use && use.points > 0) use.points -= 1;
  }
}
