import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

type Argument = string | number;
/** Told of every command: its name, how long it took in seconds, and whether Redis answered it. */
export type CommandObserver = (command: string, seconds: number, answered: boolean) => void;

/** One atomic decision: a Lua file of `lua/`, named `<verb>-<number of keys>`. */
export class Script {
  readonly name: string;
  readonly #keyCount: number;
  readonly #source: string;
  readonly #sha: string;

  constructor(name: string) {
    this.name = name;
    this.#keyCount = Number(name.slice(name.lastIndexOf("-") + 1));
    this.#source = readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), "utf8");
    this.#sha = createHash("sha1").update(this.#source).digest("hex");
  }

  /**
   * Runs it by its digest, and by its text where Redis does not know it yet.
   * @returns what the script's header says
   */
  run(redis: Redis, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    if (keys.length !== this.#keyCount) throw new TypeError(`${this.name} takes ${this.#keyCount} keys`);
    return redis.evalsha(this.#sha, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    });
  }
}
