import type { World } from "../world.ts";

/** Something that is broken by hand. */
export interface Damage {
  /** The check that has to find it. */
  readonly check: string;
  readonly what: string;
  /** Whether the doctor puts it right. */
  readonly isRepaired: boolean;
  /** Does it; returns what the finding has to name. */
  readonly cause: (world: World) => Promise<string>;
}

export function broken(check: string, what: string, isRepaired: boolean, cause: Damage["cause"]): Damage {
  return { check, what, isRepaired, cause };
}
