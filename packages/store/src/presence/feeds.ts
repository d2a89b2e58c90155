import type { DialectName } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Sender } from "../outbox/outbox-arguments.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import { type FeedEntry, readFeedEntry, readRemovedEntry } from "./feed-entry.ts";

const post = new Script("feed/post-event-3");

/** How much of a feed is kept. */
export interface FeedRules {
  readonly entriesKept: number;
  /** Bytes of events that are kept at most. */
  readonly bytesKept: number;
  /** How long an entry is kept at least; `undefined`: as long as it is one of the last. */
  readonly retentionMs: number | undefined;
}

/** As scripts read it. */
export function writeFeedKeep({ entriesKept, bytesKept }: Omit<FeedRules, "retentionMs">): string {
  return `${entriesKept} ${bytesKept}`;
}

/** Events for everyone in a dialect, stored and delivered in one order. Rules F1–F6 of SPEC.md. */
export class Feeds {
  readonly #db: Database;
  /** The number of the last entry that this process knows of, for each dialect. */
  readonly #positions = new Map<DialectName, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds an event (JSON); returns its id. `fenced` if the speaker's session went on elsewhere. */
  async post(dialect: DialectName, event: string, sender: Sender, rules: FeedRules): Promise<string | StoreErrorCode> {
    const now = this.#db.clock.now();
    const at = [keys.feed(dialect), keys.presenceMeta(dialect), keys.presenceSessions(dialect)];
    const since = rules.retentionMs === undefined ? "" : now - rules.retentionMs;
    const { session, epoch, lease = "" } = sender;
    const answer = await this.#db.run(post, at, event, "", now, writeFeedKeep(rules), since, session, epoch, lease);
    return errorCodeOf(answer) ?? this.noticed(dialect, answer as string);
  }

  /** This process knows of that entry; events that it sends from now on do not come before it. */
  noticed(dialect: DialectName, id: string): string {
    this.#positions.set(dialect, Math.max(this.position(dialect), entryNumberOf(id)));
    return id;
  }

  /** The number of the last entry that this process knows of; 0: none. */
  position(dialect: DialectName): number {
    return this.#positions.get(dialect) ?? 0;
  }

  /** The id of the last entry that there ever was; `0-0` before the first. */
  async last(dialect: DialectName): Promise<string> {
    return (await this.#db.redis.hget(keys.presenceMeta(dialect), "last")) ?? "0-0";
  }

  /** The last entries, oldest first, and the id of the last one that there ever was. */
  async latest(dialect: DialectName, count: number): Promise<{ entries: FeedEntry[]; last: string }> {
    // in this order: what is added in between is not in the list and comes after it
    const [last, entries] = await Promise.all([this.last(dialect), this.before(dialect, undefined, count)]);
    return { entries: entries.filter(({ id }) => entryNumberOf(id) <= entryNumberOf(last)), last };
  }

  /** The entries before one, or the last ones, oldest first. */
  async before(dialect: DialectName, id: string | undefined, count: number): Promise<FeedEntry[]> {
    if (count === 0 || (id !== undefined && /^0+-0+$/.test(id))) return []; // for Redis nothing can be before that
    const from = id === undefined ? "+" : `(${id}`;
    const answer = await this.#db.redis.xrevrange(keys.feed(dialect), from, "-", "COUNT", count);
    return (answer as [string, string[]][]).map(readFeedEntry).reverse();
  }

  /** The last entries up to one, oldest first. */
  async upTo(dialect: DialectName, id: string, count: number): Promise<FeedEntry[]> {
    return this.before(dialect, `${id.slice(0, id.indexOf("-"))}-${entryNumberOf(id) + 1}`, count);
  }

  /** An entry; `undefined` if it is no longer there. */
  async find(dialect: DialectName, id: string): Promise<FeedEntry | undefined> {
    const [entry] = await this.#db.redis.xrange(keys.feed(dialect), id, id);
    return entry && readFeedEntry(entry as [string, string[]]);
  }

  /**
   * The entries after one, in order, and in the place of each removed one the event of its removal; `undefined` if some of them are no
   * longer kept.
   */
  async after(dialect: DialectName, id: string, count: number): Promise<FeedEntry[] | undefined> {
    const from = entryNumberOf(id);
    // in this order: an entry that is removed in between is found twice, and not never
    const [last, answer, removed] = await Promise.all([
      this.last(dialect),
      this.#db.redis.xrange(keys.feed(dialect), `(${id}`, "+", "COUNT", count),
      this.#db.redis.zrangebyscore(keys.feedRemoved(dialect), `(${from}`, "+inf"),
    ]);
    const kept = (answer as [string, string[]][]).map(readFeedEntry);
    const byNumber = new Map([...kept, ...removed.map(readRemovedEntry)].map((entry) => [entry.number, entry]));
    const inOrder = [...byNumber.values()].sort((one, other) => one.number - other.number);
    const entries = inOrder.filter(({ number }, i) => number === from + 1 + i); // removed ones outlast those around them
    const next = kept[0]?.number ?? entryNumberOf(last);
    const reaches = from <= next && next <= from + entries.length;
    return reaches ? entries.slice(0, count) : undefined;
  }

  /** Forgets what is older than a feed keeps it. */
  async trim(dialect: DialectName, { retentionMs }: FeedRules): Promise<void> {
    if (retentionMs === undefined) return;
    await this.#db.redis.xtrim(keys.feed(dialect), "MINID", String(this.#db.clock.now() - retentionMs));
  }
}

/** The how many-th entry that is. */
export function entryNumberOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
