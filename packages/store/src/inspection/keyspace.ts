import { setTimeout as wait } from "node:timers/promises";
import type { Redis } from "ioredis";
import { isJobKey, KEY_PREFIX, type KnownKey, readKeyName } from "./known-key.ts";

/** How gently to go through all keys. */
export interface ScanPace {
  /** Keys that Redis looks at in one command. */
  readonly count: number;
  /** Time between two commands, in ms. */
  readonly pauseMs: number;
}

/** Small steps with rests in between: what a busy Redis does not notice. */
export const gentle: ScanPace = { count: 100, pauseMs: 2 };

/** A key as a scan found it. */
export interface FoundKey {
  readonly name: string;
  /** `undefined`: its name is none of ours. */
  readonly known: KnownKey | undefined;
  /** Whether it is one of BullMQ's. */
  readonly isJob: boolean;
  /** The server that has it. */
  readonly at: Redis;
}

/** A key's size in bytes and remaining lifetime in ms; `ttlMs` is `undefined` if it has none. */
export interface KeyCost {
  readonly bytes: number;
  readonly ttlMs: number | undefined;
}

/** All keys, on all servers that have some. */
export class Keyspace {
  readonly #redis: Redis;
  readonly #masters: () => readonly Redis[];

  constructor(redis: Redis, masters: () => readonly Redis[]) {
    this.#redis = redis;
    this.#masters = masters;
  }

  /** Goes through all keys, some at a time (SCAN): what is there all the time is found; a key may be found twice. */
  async *scan({ count, pauseMs }: ScanPace = gentle): AsyncGenerator<readonly FoundKey[]> {
    for (const at of this.#masters()) {
      let cursor = "0";
      do {
        const [next, names] = await at.scan(cursor, "MATCH", `${KEY_PREFIX}*`, "COUNT", count);
        cursor = next;
        if (names.length > 0) {
          yield names.map((name) => ({ name, known: readKeyName(name), isJob: isJobKey(name), at }));
        }
        if (cursor !== "0" && pauseMs > 0) await wait(pauseMs);
      } while (cursor !== "0");
    }
  }

  /**
   * A key's size and lifetime; `undefined` if it is gone. For large keys Redis samples a few entries (MEMORY USAGE).
   */
  async measure({ name, at }: FoundKey): Promise<KeyCost | undefined> {
    const [bytes, ttlMs] = await Promise.all([at.memory("USAGE", name), at.pttl(name)]);
    if (bytes === null || ttlMs === -2) return undefined;
    return { bytes, ttlMs: ttlMs === -1 ? undefined : ttlMs };
  }

  async exists(name: string): Promise<boolean> {
    return (await this.#redis.exists(name)) === 1;
  }

  /** Whether a key is there, without a lifetime. */
  async staysForGood(name: string): Promise<boolean> {
    return (await this.#redis.pttl(name)) === -1;
  }
}
