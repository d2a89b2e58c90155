import { randomBytes } from "node:crypto";
import type { DialectName } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";
import { type FeedEntry, readFeedEntry } from "./feed-entry.ts";

const copy = new Script("feed/copy-entries-2");
const replace = new Script("feed/replace-feed-3");

/** Entries that one step copies: Redis does nothing else meanwhile. */
const STEP = 500;
/** A draft that nobody goes on with stays for so long. */
const DRAFT_MS = 60_000;
/** So often a draft is begun anew because the feed was changed meanwhile; then it is for the next attempt. */
const MOST_DRAFTS = 5;

/** Takes a user out of the kept entries of a feed. Rules F8 and F9 of SPEC.md. */
export class FeedRewriting {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All entries from the first on, page by page: for what concerns one user, and for nothing that is done often. */
  async *entries(dialect: DialectName): AsyncGenerator<readonly FeedEntry[]> {
    for (let from = "-"; ; ) {
      const page = await this.#db.redis.xrange(keys.feed(dialect), from, "+", "COUNT", STEP);
      if (page.length > 0) yield (page as [string, string[]][]).map(readFeedEntry);
      const last = page.at(-1)?.[0];
      if (last === undefined || page.length < STEP) return;
      from = `(${last}`;
    }
  }

  /**
   * Copies the feed without a user, some entries at a time, and puts the copy in its place. Repeatable.
   * @param until Unix time in ms: later messages stay
   * @param name takes the place of the user's; `undefined`: the user's messages are erased
   * @throws Error if the feed was changed again and again meanwhile
   */
  async forget(dialect: DialectName, user: string, until: number, name?: string): Promise<void> {
    for (let i = 0; i < MOST_DRAFTS; i += 1) {
      if (await this.#attempt(dialect, [user.toLowerCase(), name ?? "", until])) return;
    }
    throw new Error("the feed changes too often to be rewritten");
  }

  async #attempt(dialect: DialectName, whom: readonly [string, string, number]): Promise<boolean> {
    const [feed, meta] = [keys.feed(dialect), keys.presenceMeta(dialect)];
    const draft = keys.feedDraft(dialect, randomBytes(9).toString("base64url"));
    const rewrites = (await this.#db.redis.hget(meta, "rewrites")) ?? "0";
    for (;;) {
      const copied = (await this.#db.run(copy, [feed, draft], ...whom, STEP, DRAFT_MS)) as number;
      if (copied === STEP) continue;
      const replaced = await this.#db.run(replace, [feed, meta, draft], rewrites);
      if (errorCodeOf(replaced) !== undefined) return false;
      if (replaced === 1) return true;
    }
  }
}
