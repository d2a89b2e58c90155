import type { DialectName, RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { type Page, pageOfSet } from "../redis/set-page.ts";

const addSession = new Script("presence/add-session-2");
const removeSession = new Script("presence/remove-session-2");
const listRoom = new Script("presence/list-room-1");
const announce = new Script("presence/announce-population-2");

/** At most one announcement of a dialect's population in this time, cluster-wide. */
const ANNOUNCE_EVERY_MS = 1000;

/** The sessions connected in a dialect, its rooms, and its counters. Rules P1–P2 of SPEC.md. */
export class Presence {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Counts a session. Repeatable; returns whether it had not been counted. */
  async add(dialect: DialectName, session: SessionId): Promise<boolean> {
    return (await this.#db.run(addSession, populationOf(dialect), session)) === 1;
  }

  async remove(dialect: DialectName, session: SessionId): Promise<void> {
    await this.#db.run(removeSession, populationOf(dialect), session);
  }

  async count(dialect: DialectName): Promise<number> {
    return this.#db.redis.hlen(keys.presenceSessions(dialect));
  }

  /** Some of the sessions that are there, at random; all of them if there are at most `count`. */
  async sampleSessions(dialect: DialectName, count: number): Promise<SessionId[]> {
    return ((await this.#db.redis.hrandfield(keys.presenceSessions(dialect), count)) ?? []) as SessionId[];
  }

  /** The count, if it is to be announced now; else after how many ms to ask again (0: nothing new). */
  async toAnnounce(dialect: DialectName): Promise<{ count: number } | { waitMs: number }> {
    const answer = await this.#db.run(announce, populationOf(dialect), this.#db.clock.now(), ANNOUNCE_EVERY_MS);
    const [now, figure] = answer as [number, number];
    return now === 1 ? { count: figure } : { waitMs: figure };
  }

  /** Publishes a packet (JSON array text) to everyone in a dialect. */
  async publish(dialect: DialectName, packet: string): Promise<void> {
    await this.#db.redis.spublish(keys.lobby(dialect), packet);
  }

  async roomOpened(dialect: DialectName, room: RoomId): Promise<void> {
    await this.#db.run(listRoom, [keys.presenceRooms(dialect)], room);
  }

  async roomRemoved(dialect: DialectName, room: RoomId): Promise<void> {
    await this.#db.redis.srem(keys.presenceRooms(dialect), room);
  }

  /**
   * Some of the rooms that there are, page by page.
   * @param cursor `next` of the page before
   * @throws RangeError for a cursor that is none
   */
  async listRooms(dialect: DialectName, cursor: string | undefined, count: number): Promise<Page<RoomId>> {
    return pageOfSet(this.#db.redis, keys.presenceRooms(dialect), cursor, count);
  }

  /** Some of the rooms that there are, at random; all of them if there are at most `count`. */
  async sampleRooms(dialect: DialectName, count: number): Promise<RoomId[]> {
    return (await this.#db.redis.srandmember(keys.presenceRooms(dialect), count)) as RoomId[];
  }

  async rooms(dialect: DialectName): Promise<number> {
    return this.#db.redis.scard(keys.presenceRooms(dialect));
  }

  /** Adds to a dialect's counters. Nodes gather and call this about once a second, so a message costs no command for it. */
  async incrementCounter(dialect: DialectName, counter: string, by: number): Promise<void> {
    await this.#db.redis.hincrby(keys.counters(dialect), counter, by);
  }

  async counter(dialect: DialectName, counter: string): Promise<number> {
    return Number((await this.#db.redis.hget(keys.counters(dialect), counter)) ?? 0);
  }
}

function populationOf(dialect: DialectName): string[] {
  return [keys.presenceSessions(dialect), keys.presenceMeta(dialect)];
}
