import type { DialectName, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import { type Occupant, readOccupant } from "../room/member-entry.ts";
import { answersOf } from "./pages.ts";

/** Redis's answer to PTTL for a key that is not there. */
const NO_KEY = -2;

/** A room's fields in Redis. Times are Unix time in ms. */
export interface RoomFacts {
  readonly state: string;
  /** `undefined` of a pair that never opened, or was left. */
  readonly kind: string | undefined;
  readonly dialect: DialectName | undefined;
  readonly created: number | undefined;
  readonly changed: number | undefined;
  /** Its remaining lifetime in ms; `undefined` if it has none. */
  readonly ttlMs: number | undefined;
}

/** By which session a user is in a room. */
export interface RoomUser {
  readonly user: UserId;
  readonly session: SessionId;
}

/** The state of rooms in Redis, read-only. */
export class RoomInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** A room's fields; `undefined` if there is no such room. */
  async facts(room: RoomId): Promise<RoomFacts | undefined> {
    const key = keys.roomMeta(room);
    const [fields, ttl] = await Promise.all([this.#redis.hgetall(key), this.#redis.pttl(key)]);
    const { state, kind, dialect, created, changed } = fields;
    if (state === undefined) return undefined;
    return {
      state,
      kind,
      dialect: dialect as DialectName | undefined,
      ttlMs: ttl < 0 ? undefined : ttl,
      created: timeOf(created),
      changed: timeOf(changed),
    };
  }

  /** The sessions in a room. */
  async sessions(room: RoomId): Promise<SessionId[]> {
    return this.#redis.hkeys(keys.roomPeers(room));
  }

  async has(room: RoomId, session: SessionId): Promise<boolean> {
    return (await this.#redis.hexists(keys.roomPeers(room), session)) === 1;
  }

  /** The members of a named room, and the users noted in it. One consistent snapshot (MULTI). */
  async occupancy(room: RoomId): Promise<{ members: Occupant[]; users: RoomUser[] }> {
    const asked = this.#redis.multi().hgetall(keys.roomPeers(room)).hgetall(keys.roomUsers(room));
    const [peers, users] = answersOf(await asked.exec()) as Record<string, string>[];
    return {
      members: Object.entries(peers ?? {}).map(([session, entry]) => readOccupant(session, entry)),
      users: Object.entries(users ?? {}).map(([user, entry]) => ({
        user,
        session: entry.slice(entry.indexOf(" ") + 1),
      })),
    };
  }

  /** A room's state, and whether there is a part of it, and for how long. One consistent look (MULTI). */
  async part(room: RoomId, key: string): Promise<{ state: string | undefined; exists: boolean; lapses: boolean }> {
    const asked = this.#redis.multi().hget(keys.roomMeta(room), "state").pttl(key);
    const [state, ttl] = answersOf(await asked.exec()) as [string | null, number];
    return { state: state ?? undefined, exists: ttl !== NO_KEY, lapses: ttl >= 0 };
  }

  /** How many messages a room keeps. */
  async messages(room: RoomId): Promise<number> {
    return this.#redis.xlen(keys.roomChat(room));
  }
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
