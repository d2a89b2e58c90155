import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Leased } from "../outbox/outbox-arguments.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";
import { writeFeedKeep } from "./feeds.ts";

const setOnline = new Script("presence/set-user-online-4");
const listPeople = new Script("presence/list-people-3");
const clearOnline = new Script("presence/set-user-offline-4");
const addSession = new Script("presence/add-user-session-4");
const removeSession = new Script("presence/remove-user-session-4");
const announce = new Script("presence/announce-names-2");

/** How many comings and goings are kept for those who were away. */
const FEED_KEPT = writeFeedKeep({ entriesKept: 10_000, bytesKept: 16_777_216 });

/** A user that comes online. */
export interface OnlineUser extends Leased {
  readonly session: SessionId;
  readonly user: UserId;
  /** The number of the session's claim to the user. */
  readonly claim: number;
  /** JSON. */
  readonly profile: string;
  /** The event for the others (JSON). */
  readonly event: string;
}

/** The users online, as of an entry of the feed. */
export interface PeopleNow {
  /** The feed's last entry: the list includes all entries up to it. */
  readonly last: string;
  readonly total: number;
  /** Profiles (JSON), the latest first. */
  readonly profiles: readonly string[];
}

/** The users online, as a user that comes online receives them. */
export interface OnlineResult extends PeopleNow {
  /** Whether the event was posted for the others. */
  readonly news: boolean;
}

/** The users online by name, as of a count of changes. */
export interface NamesNow {
  readonly names: readonly UserId[];
  readonly total: number;
  readonly change: string;
}

/** The turn to announce the names: now, or after a wait in ms (0: there is nothing new). */
export type NamesTurn = NamesNow | { readonly waitMs: number };

/**
 * The users online by name: once each, in a dialect in which a user has one session; or counted, if a user may have
 * several. Rules P4–P11 of SPEC.md.
 */
export class Online {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Makes a user online by a session. `fenced` if another session claimed the user since, and is online. */
  async set(dialect: DialectName, entry: OnlineUser, listed: number) {
    const { session, user, claim, profile, event, lease = "" } = entry;
    const now = this.#db.clock.now();
    const args = [session, user, claim, profile, event, now, FEED_KEPT, listed, lease] as const;
    const answer = await this.#db.run(setOnline, feedKeys(dialect), ...args);
    const errorCode = errorCodeOf(answer);
    if (errorCode) return errorCode;
    const [news, last, total, ...profiles] = answer as [number, string, number, ...string[]];
    return { news: news === 1, last, total, profiles } satisfies OnlineResult;
  }

  /** The users online one by one, `listed` at most. */
  async people(dialect: DialectName, listed: number): Promise<PeopleNow> {
    const at = [keys.presencePeople(dialect), keys.presenceArrivals(dialect), keys.presenceMeta(dialect)];
    const [last, total, ...profiles] = (await this.#db.run(listPeople, at, listed)) as [string, number, ...string[]];
    return { last, total, profiles };
  }

  /**
   * Makes a user offline, if it is online by this session; whether it was.
   * @param event what tells the others (JSON)
   * @param claim only if it is by that claim
   */
  async clear(dialect: DialectName, session: SessionId, user: UserId, event: string, claim?: number): Promise<boolean> {
    const args = [session, user, event, this.#db.clock.now(), FEED_KEPT, claim ?? ""] as const;
    return (await this.#db.run(clearOnline, feedKeys(dialect), ...args)) === 1;
  }

  /** One more session of a user is there; whether the names have changed. Repeatable. */
  async addSession(dialect: DialectName, session: SessionId, user: UserId): Promise<boolean> {
    return (await this.#db.run(addSession, nameKeys(dialect), session, user)) === 1;
  }

  /** A session is gone; whether the names have changed. Repeatable. */
  async removeSession(dialect: DialectName, session: SessionId): Promise<boolean> {
    return (await this.#db.run(removeSession, nameKeys(dialect), session)) === 1;
  }

  /** The users online by name, in the order in which they came. */
  async names(dialect: DialectName, listed: number): Promise<{ names: UserId[]; total: number }> {
    const key = keys.presenceArrivals(dialect);
    const [names, total] = await Promise.all([
      this.#db.redis.zrange(key, "0", String(listed - 1)),
      this.#db.redis.zcard(key),
    ]);
    return { names: names as UserId[], total };
  }

  /** The names, if they are to be announced now; `announced` is to be called then. */
  async toAnnounce(dialect: DialectName, everyMs: number, listed: number): Promise<NamesTurn> {
    const at = [keys.presenceArrivals(dialect), keys.presenceMeta(dialect)];
    const answer = await this.#db.run(announce, at, this.#db.clock.now(), everyMs, listed);
    const [now, figure, change, names] = answer as [number, number, string, UserId[]];
    return now === 1 ? { names, total: figure, change } : { waitMs: figure };
  }

  /** Notes that the names as of that change were announced. */
  async announced(dialect: DialectName, { change }: NamesNow): Promise<void> {
    await this.#db.redis.hset(keys.presenceMeta(dialect), "announced", change);
  }

  /** Some of those who are online one by one, by which session and claim; at random, all if there are at most `count`. */
  async sample(
    dialect: DialectName,
    count: number,
  ): Promise<{ user: UserId; session: SessionId; claim: number | undefined }[]> {
    const pairs = pairsOf(await this.#db.redis.hrandfield(keys.presencePeople(dialect), count, "WITHVALUES"));
    return pairs.map(([user, entry]) => {
      const [session = "", claim] = entry.split(" ", 2);
      return { user, session, claim: Number(claim) };
    });
  }

  /** The same of those who may be there several times. */
  async sampleHolders(
    dialect: DialectName,
    count: number,
  ): Promise<{ user: UserId; session: SessionId; claim: undefined }[]> {
    const pairs = pairsOf(await this.#db.redis.hrandfield(keys.presenceHolders(dialect), count, "WITHVALUES"));
    return pairs.map(([session, user]) => ({ user, session, claim: undefined }));
  }
}

function feedKeys(dialect: DialectName): string[] {
  return [keys.presencePeople(dialect), keys.presenceArrivals(dialect), keys.feed(dialect), keys.presenceMeta(dialect)];
}

function nameKeys(dialect: DialectName): string[] {
  return [
    keys.presenceHolders(dialect),
    keys.presencePeople(dialect),
    keys.presenceArrivals(dialect),
    keys.presenceMeta(dialect),
  ];
}

function pairsOf(flat: unknown): [string, string][] {
  const list = (flat ?? []) as string[];
  return list.flatMap((field, i): [string, string][] => (i % 2 === 0 ? [[field, list[i + 1] ?? ""]] : []));
}
