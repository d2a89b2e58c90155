import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import type { Database } from "./database.ts";
import { keys } from "./keys.ts";
import { Script } from "./script.ts";

const come = new Script("come-online-4");
const go = new Script("go-offline-4");
const arrive = new Script("arrive-4");
const depart = new Script("depart-4");
const announce = new Script("announce-names-2");

/** How many comings and goings are kept for those who were away. */
const ENTRIES_KEPT = 10_000;

/** Who is online, as who comes is told. */
export interface Online {
  /** Whether the others were told of it. */
  readonly news: boolean;
  /** The feed's last entry: who comes has been told of all up to it. */
  readonly last: string;
  readonly total: number;
  /** Profiles (JSON), the latest first. */
  readonly profiles: readonly string[];
}

/** Whose turn it is to announce the names: now, or after so many ms (0: there is nothing new). */
export type NamesTurn = { readonly names: readonly UserId[]; readonly total: number } | { readonly waitMs: number };

/** Who is there by name: one by one, where a user is one person; or counted, where it may be there several times. Rules P3–P6. */
export class People {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Makes a user online by this session. @param event what tells the others (JSON) */
  async come(
    dialect: DialectName,
    session: SessionId,
    user: UserId,
    profile: string,
    event: string,
    listed: number,
  ): Promise<Online> {
    const now = this.#db.clock.now();
    const args = [session, user, profile, event, now, ENTRIES_KEPT, listed] as const;
    const answer = await this.#db.run(come, feedKeys(dialect), ...args);
    const [news, last, total, ...profiles] = answer as [number, string, number, ...string[]];
    return { news: news === 1, last, total, profiles };
  }

  /** Makes a user offline, if it is online by this session; whether it was. @param event what tells the others (JSON) */
  async go(dialect: DialectName, session: SessionId, user: UserId, event: string): Promise<boolean> {
    const now = this.#db.clock.now();
    return (await this.#db.run(go, feedKeys(dialect), session, user, event, now, ENTRIES_KEPT)) === 1;
  }

  /** One more session of a user is there; whether the names have changed. Repeatable. */
  async arrive(dialect: DialectName, session: SessionId, user: UserId): Promise<boolean> {
    return (await this.#db.run(arrive, nameKeys(dialect), session, user)) === 1;
  }

  /** A session is gone; whether the names have changed. Repeatable. */
  async depart(dialect: DialectName, session: SessionId): Promise<boolean> {
    return (await this.#db.run(depart, nameKeys(dialect), session)) === 1;
  }

  /** Who is there by name, who came first first. */
  async names(dialect: DialectName, listed: number): Promise<{ names: UserId[]; total: number }> {
    const key = keys.presenceArrivals(dialect);
    const [names, total] = await Promise.all([
      this.#db.redis.zrange(key, "0", String(listed - 1)),
      this.#db.redis.zcard(key),
    ]);
    return { names: names as UserId[], total };
  }

  /** The names, if they are to be announced now. */
  async toAnnounce(dialect: DialectName, everyMs: number, listed: number): Promise<NamesTurn> {
    const at = [keys.presenceArrivals(dialect), keys.presenceMeta(dialect)];
    const answer = await this.#db.run(announce, at, this.#db.clock.now(), everyMs, listed);
    const [now, figure, ...names] = answer as [number, number, ...UserId[]];
    return now === 1 ? { names, total: figure } : { waitMs: figure };
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
