import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";

const announceVoids = new Script("account/announce-voids-1");

/** For how long nodes can read that tokens are void: longer than a node keeps its clients without Redis. */
const VOIDS_KEPT_MS = 15 * 60_000;

/** An account in the list of all. */
export interface ListedAccount {
  readonly username: string;
  /** Unix time in ms. */
  readonly created: number;
}

/** The part of accounts that is of all of them together: the list of their names, and which tokens became void. Rules C7 and C8 of SPEC.md. */
export class AccountIndex {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** An account is on the list. Repeatable. */
  async add({ username, created }: ListedAccount): Promise<void> {
    await this.#db.redis.zadd(keys.accountNames(), created, username);
  }

  async remove(username: string): Promise<void> {
    await this.#db.redis.zrem(keys.accountNames(), username);
  }

  /** How many accounts there are. */
  async size(): Promise<number> {
    return this.#db.redis.zcard(keys.accountNames());
  }

  /**
   * A page of the accounts, the latest first.
   * @param skipped how many come before it
   */
  async page(count: number, skipped: number): Promise<ListedAccount[]> {
    const answer = await this.#db.redis.zrevrange(keys.accountNames(), skipped, skipped + count - 1, "WITHSCORES");
    return answer.flatMap((username, i) => (i % 2 === 0 ? [{ username, created: Number(answer[i + 1]) }] : []));
  }

  /** Notifies all nodes that tokens are void. Repeatable. */
  async announceVoids(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const since = this.#db.clock.now() - VOIDS_KEPT_MS;
    await this.#db.run(announceVoids, [keys.accountVoids()], since, VOIDS_KEPT_MS, ...ids);
  }

  /** The entry after which all tokens that become void from now on come. */
  async lastVoid(): Promise<string> {
    const [last] = await this.#db.redis.xrevrange(keys.accountVoids(), "+", "-", "COUNT", 1);
    return last?.[0] ?? "0-0";
  }

  /** The ids of the tokens that became void after an entry, and the last entry. */
  async voidsAfter(entry: string, count: number): Promise<{ readonly ids: string[]; readonly last: string }> {
    const entries = await this.#db.redis.xrange(keys.accountVoids(), `(${entry}`, "+", "COUNT", count);
    return { ids: entries.map(([, fields]) => fields[1] ?? ""), last: entries.at(-1)?.[0] ?? entry };
  }
}
