import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Running } from "./supervisor.ts";

/** What runs now, as `.run/state.json` holds it. A part that is down is missing until it is back. */
export interface State {
  readonly front: { readonly url: string };
  readonly nodes: readonly (Running & { readonly url: string })[];
  readonly matchmakers: readonly Running[];
  /** `pid` is `null` for a Redis that was given, and while the private one is down. */
  readonly redis: { readonly url: string; readonly pid: number | null };
}

/** Only its owner may read it: Redis's address holds a password. */
const OWNER_ONLY = 0o600;

export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Replaces the file in one step, so that nobody ever reads half of it. */
  write(state: State): void {
    const unfinished = `${this.#path}.tmp`;
    writeFileSync(unfinished, `${JSON.stringify(state, null, 2)}\n`, { mode: OWNER_ONLY });
    renameSync(unfinished, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
