import { createHash } from "node:crypto";
import { basename } from "node:path";
import { Cluster, type Redis } from "ioredis";
import { readScriptText } from "./script-text.ts";

/** The servers that have keys: all masters of a cluster, else the one that is there. */
export function mastersOf(redis: Redis | Cluster): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}

type Argument = string | number;
/** Told of every command: its name, how long it took in seconds, and whether Redis answered it. */
export type CommandObserver = (command: string, seconds: number, answered: boolean) => void;

const known: Script[] = [];

/** One atomic decision: a Lua file, `lua/<aggregate>/<verb>-<noun>-<number of keys>.lua`. */
export class Script {
  /** Its file's name, without the folder: unique among all scripts. */
  readonly name: string;
  readonly #keyCount: number;
  readonly #source: string;
  readonly #sha: string;
  readonly #repeatable: boolean;

  /**
   * @param path its file's, below `lua/` and without the ending
   * @param inOrder never to be sent a second time, behind what was sent after it: where Redis does not know it, it fails
   */
  constructor(path: string, { inOrder = false } = {}) {
    this.name = basename(path);
    this.#keyCount = Number(path.slice(path.lastIndexOf("-") + 1));
    this.#source = readScriptText(path);
    this.#sha = createHash("sha1").update(this.#source).digest("hex");
    this.#repeatable = !inOrder;
    known.push(this);
  }

  /** Makes all scripts known to Redis; after a restart it knows none. */
  static async loadAll(redis: Redis | Cluster): Promise<void> {
    if (redis instanceof Cluster) void Script.#loadAt(redis.nodes("slave")).catch(() => {}); // masters to be
    return Script.#loadAt(mastersOf(redis));
  }

  static async #loadAt(servers: readonly Redis[]): Promise<void> {
    await Promise.all(servers.flatMap((server) => known.map((script) => server.script("LOAD", script.#source))));
  }

  /**
   * Runs it by its digest, and by its text where Redis does not know it.
   * @returns what the script's header says
   */
  run(redis: Redis, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    if (keys.length !== this.#keyCount) throw new TypeError(`${this.name} takes ${this.#keyCount} keys`);
    const answer = redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    if (!this.#repeatable) return answer;
    return answer.catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    });
  }
}
