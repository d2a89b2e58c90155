import type { DialectName, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import { answersOf, pairPages, setPages } from "./pages.ts";

/** The end of a dialect's feed: as it is counted, and as it is in the stream. */
export interface FeedEnd {
  readonly counted: number;
  readonly noted: string | undefined;
  /** `undefined` where nothing is kept. */
  readonly kept: string | undefined;
}

/** The state of a dialect in Redis, read-only. */
export class PresenceInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The connected sessions, page by page. */
  async *sessions(dialect: DialectName): AsyncGenerator<readonly SessionId[]> {
    for await (const page of pairPages(this.#redis, keys.presenceSessions(dialect), "hash")) {
      yield page.map(([session]) => session);
    }
  }

  async hasSession(dialect: DialectName, session: SessionId): Promise<boolean> {
    return (await this.#redis.hexists(keys.presenceSessions(dialect), session)) === 1;
  }

  /** The rooms on its list, some at a time. */
  rooms(dialect: DialectName): AsyncGenerator<readonly RoomId[]> {
    return setPages(this.#redis, keys.presenceRooms(dialect));
  }

  async hasRoom(dialect: DialectName, room: RoomId): Promise<boolean> {
    return (await this.#redis.sismember(keys.presenceRooms(dialect), room)) === 1;
  }

  /** The users online by name, with their entries, page by page. */
  people(dialect: DialectName): AsyncGenerator<readonly (readonly [UserId, string])[]> {
    return pairPages(this.#redis, keys.presencePeople(dialect), "hash");
  }

  /** A user's entry: how many sessions it has, or by which one it is online, and as what. */
  async person(dialect: DialectName, user: UserId): Promise<string | undefined> {
    return (await this.#redis.hget(keys.presencePeople(dialect), user)) ?? undefined;
  }

  /** Users in the order in which they came, some at a time. */
  async *arrivals(dialect: DialectName): AsyncGenerator<readonly UserId[]> {
    for await (const page of pairPages(this.#redis, keys.presenceArrivals(dialect), "sorted set")) {
      yield page.map(([user]) => user);
    }
  }

  /** Whether a user is online, and whether it has a place in the order of arrivals. One consistent look (MULTI). */
  async standing(dialect: DialectName, user: UserId): Promise<{ isOnline: boolean; hasArrived: boolean }> {
    const asked = this.#redis
      .multi()
      .hexists(keys.presencePeople(dialect), user)
      .zscore(keys.presenceArrivals(dialect), user);
    const [online, score] = answersOf(await asked.exec()) as [number, string | null];
    return { isOnline: online === 1, hasArrived: score !== null };
  }

  /** Sessions that are counted with their users, some at a time. */
  holders(dialect: DialectName): AsyncGenerator<readonly (readonly [SessionId, UserId])[]> {
    return pairPages(this.#redis, keys.presenceHolders(dialect), "hash");
  }

  /** With whom a session is counted; `undefined` if with nobody. */
  async heldBy(dialect: DialectName, session: SessionId): Promise<UserId | undefined> {
    return (await this.#redis.hget(keys.presenceHolders(dialect), session)) ?? undefined;
  }

  /** One consistent look (MULTI). */
  async feedEnd(dialect: DialectName): Promise<FeedEnd> {
    const asked = this.#redis
      .multi()
      .hmget(keys.presenceMeta(dialect), "fed", "last")
      .xrevrange(keys.feed(dialect), "+", "-", "COUNT", 1);
    const [noted, entries] = answersOf(await asked.exec()) as [(string | null)[], [string, string[]][]];
    const [fed, last] = noted;
    return { counted: Number(fed ?? 0), noted: last ?? undefined, kept: entries[0]?.[0] };
  }
}
