import type { DialectName, RoomId, SessionId, UserId } from "@switchyard/protocol";
import { subjectsOf, userFields } from "../field-prefixes.ts";
import { keys } from "../keys.ts";
import type { Leased } from "../outbox/outbox-arguments.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";

const claim = new Script("user/claim-user-1");
const release = new Script("user/release-user-1");
const noteMeeting = new Script("user/note-meeting-1");
const keep = new Script("user/keep-claim-1");
const blockUser = new Script("user/block-user-2");
const rememberPartner = new Script("user/remember-partner-1");

/** Longer than a client whose node died takes to come back, so that its session's claim is kept by the next node. */
const UNKEPT_MS = 10 * 60_000;
const RECENT_PARTNERS = 5;
const RECENT_MS = 30 * 60_000;
/** Most users that a user blocks. */
const MAX_BLOCKED = 100;

/** That a session stands for a user. */
export interface UserClaim {
  /** Above those of all claims before. */
  readonly number: number;
  /** Whether it lapses unless it is kept. */
  readonly lapses: boolean;
  /** The sessions that are still to be evicted. */
  readonly replaced: readonly SessionId[];
}

/**
 * The session that stands for a user, the user's recent partners, and the users that the user blocked. Rules U1–U7 of
 * SPEC.md.
 */
export class Users {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Makes a session stand for a user, and returns which sessions are to be evicted because of it. A new claim lapses in ten minutes unless
   * it is kept. Repeatable.
   */
  async claim(dialect: DialectName, user: UserId, session: SessionId, { lease }: Leased = {}): Promise<UserClaim> {
    const args = [session, this.#db.clock.now(), UNKEPT_MS, lease ?? ""] as const;
    const answer = await this.#db.run(claim, [keys.user(dialect, user)], ...args);
    const [number, lapses, ...replaced] = answer as [string, string, ...SessionId[]];
    return { number: Number(number), lapses: lapses === "1", replaced };
  }

  /** The claim of a session no longer lapses, if the session stands for the user: it is known to be there, and to have noted the user. Repeatable. */
  async keep(dialect: DialectName, user: UserId, session: SessionId): Promise<void> {
    await this.#db.run(keep, [keys.user(dialect, user)], session);
  }

  /** One more session stands for a user, who may be there several times. Repeatable. */
  async addSession(dialect: DialectName, user: UserId, session: SessionId): Promise<void> {
    await this.#db.redis.hset(keys.user(dialect, user), userFields.userSession + session, "");
  }

  /** Every session that stands for a user, who may be there several times. */
  async sessions(dialect: DialectName, user: UserId): Promise<readonly SessionId[]> {
    const fields = await this.#db.redis.hkeys(keys.user(dialect, user));
    return subjectsOf(fields, userFields.userSession);
  }

  /** Which session stands for a user; `undefined` if none does. */
  async holder(dialect: DialectName, user: UserId): Promise<SessionId | undefined> {
    return ((await this.#db.redis.hget(keys.user(dialect, user), "session")) as SessionId | null) ?? undefined;
  }

  /** Which sessions are still to be evicted because this one replaced them; none unless it stands for the user. */
  async replacedBy(dialect: DialectName, user: UserId, session: SessionId): Promise<readonly SessionId[]> {
    const fields = await this.#db.redis.hgetall(keys.user(dialect, user));
    if (fields["session"] !== session) return [];
    return subjectsOf(Object.keys(fields), userFields.eviction);
  }

  /** A session stands for a user no longer; returns the sessions whose eviction is still open. */
  async release(dialect: DialectName, user: UserId, session: SessionId): Promise<readonly SessionId[]> {
    return (await this.#db.run(release, [keys.user(dialect, user)], session)) as SessionId[];
  }

  /** An eviction was carried out. */
  async evicted(dialect: DialectName, user: UserId, session: SessionId): Promise<void> {
    await this.#db.redis.hdel(keys.user(dialect, user), userFields.eviction + session);
  }

  /** Remembers that a user met a partner (the last 5, for 30 minutes). */
  async rememberPartner(dialect: DialectName, user: UserId, partner: UserId): Promise<void> {
    const now = this.#db.clock.now();
    await this.#db.run(rememberPartner, [keys.userMet(dialect, user)], partner, now, RECENT_PARTNERS, RECENT_MS);
  }

  /** Notes that two users meet in a room; returns whether they had met within the last 30 minutes. Repeatable. */
  async noteMeeting(dialect: DialectName, one: UserId, other: UserId, room: RoomId): Promise<boolean> {
    return (await this.#db.run(noteMeeting, [keys.userMeeting(dialect, one, other)], room, RECENT_MS)) === 1;
  }

  /** The users that a user should not meet: recent partners, and those blocked for good. */
  async history(dialect: DialectName, user: UserId): Promise<{ recent: UserId[]; blocked: UserId[] }> {
    const since = this.#db.clock.now() - RECENT_MS;
    const [recent, blocked] = await Promise.all([
      this.#db.redis.zrangebyscore(keys.userMet(dialect, user), since, "+inf"),
      this.#db.redis.smembers(keys.userBlocked(dialect, user)),
    ]);
    return { recent: recent as UserId[], blocked: blocked as UserId[] };
  }

  /** Forgets what a user has used of an allowance. */
  async forgetCount(dialect: DialectName, user: UserId, allowance: string): Promise<void> {
    await this.#db.redis.del(keys.limitOfUser(allowance, dialect, user));
  }

  /** Forgets how many sessions began by a user's tokens. */
  async forgetConnects(user: UserId): Promise<void> {
    await this.#db.redis.del(keys.limitOf("connect", user));
  }

  /** Blocks a partner, for good; of more than `MAX_BLOCKED` the one that was blocked first is not blocked any longer. */
  async block(dialect: DialectName, user: UserId, partner: UserId): Promise<void> {
    const blocks = [keys.userBlocked(dialect, user), keys.userBlockOrder(dialect, user)];
    await this.#db.run(blockUser, blocks, partner, this.#db.clock.now(), MAX_BLOCKED);
  }
}
