import type { DialectName, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";

/** What a room is, as it stands in Redis. Times are Unix time in ms. */
export interface RoomFacts {
  readonly state: string;
  /** `undefined` of a pair that never opened, or was left. */
  readonly kind: string | undefined;
  readonly dialect: DialectName | undefined;
  readonly created: number | undefined;
  readonly changed: number | undefined;
  /** What is left of its lifetime, in ms; `undefined` where it has none. */
  readonly ttlMs: number | undefined;
}

/** By which session a user is in a room. */
export interface RoomUser {
  readonly user: UserId;
  readonly session: SessionId;
}

/** What Redis knows of rooms, as it is: read, and never changed. */
export class RoomInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** What a room is; `undefined` if there is none. */
  async facts(room: RoomId): Promise<RoomFacts | undefined> {
    const key = keys.roomMeta(room);
    const [fields, ttl] = await Promise.all([this.#redis.hgetall(key), this.#redis.pttl(key)]);
    const { state, kind, dialect, created, changed } = fields;
    if (state === undefined) return undefined;
    return {
      ...{ state, kind, dialect: dialect as DialectName | undefined, ttlMs: ttl < 0 ? undefined : ttl },
      ...{ created: timeOf(created), changed: timeOf(changed) },
    };
  }

  /** Who is in a room. */
  async sessions(room: RoomId): Promise<SessionId[]> {
    return this.#redis.hkeys(keys.roomPeers(room));
  }

  async has(room: RoomId, session: SessionId): Promise<boolean> {
    return (await this.#redis.hexists(keys.roomPeers(room), session)) === 1;
  }

  /** Which users are in a room that clients name. */
  async users(room: RoomId): Promise<RoomUser[]> {
    const entries = Object.entries(await this.#redis.hgetall(keys.roomUsers(room)));
    return entries.map(([user, entry]) => ({ user, session: entry.slice(entry.indexOf(" ") + 1) }));
  }

  /** How many messages a room keeps. */
  async messages(room: RoomId): Promise<number> {
    return this.#redis.xlen(keys.roomChat(room));
  }
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
