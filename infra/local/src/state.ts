import type { Running } from "./supervisor.ts";

/** The running parts, as `.run/state.json` holds them from when all are up. A part that is down is missing until it is back. */
export interface State {
  readonly front: { readonly url: string };
  readonly nodes: readonly Running[];
  readonly matchmakers: readonly Running[];
  /** `pid` is `null` for a Redis that was given, and while the private one is down. */
  readonly redis: { readonly url: string; readonly pid: number | null };
}
