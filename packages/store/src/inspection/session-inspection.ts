import type { DialectName, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { sessionFields, subjectsOf, userFields } from "../field-prefixes.ts";
import { keys } from "../keys.ts";

/** A session's kept events: how many, and the number of the first and the last. */
export interface OutboxFacts {
  readonly kept: number;
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** An event as it went over the wire. */
export interface KeptEvent {
  readonly number: number;
  readonly packet: string;
}

/** That a session is to be seated in a pair, for which it waited in that queue. */
export interface Reservation {
  readonly room: RoomId;
  readonly queue: string;
}

/** The sessions that stand for a user. */
export interface UserFacts {
  readonly session: SessionId | undefined;
  /** The number of the last claim. */
  readonly claims: string | undefined;
  /** All sessions of a user who may be there several times. */
  readonly connectedSessions: readonly SessionId[];
  /** Sessions that were replaced and are still to be evicted. */
  readonly evicting: readonly SessionId[];
}

/** The state of sessions and their users in Redis, read-only. */
export class SessionInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The number of the last event that is kept; 0 if none is. */
  async lastKept(session: SessionId): Promise<number> {
    const [last] = await this.lastEvents(session, 1);
    return last?.number ?? 0;
  }

  /** The last events that are kept, oldest first. */
  async lastEvents(session: SessionId, count: number): Promise<KeptEvent[]> {
    const entries = await this.#redis.xrevrange(keys.outbox(session), "+", "-", "COUNT", count);
    return (entries as Entry[]).map(readEvent).reverse();
  }

  async outbox(session: SessionId): Promise<OutboxFacts> {
    const key = keys.outbox(session);
    const [kept, bytes, [last], [first]] = await Promise.all([
      this.#redis.xlen(key),
      this.#redis.memory("USAGE", key),
      this.#redis.xrevrange(key, "+", "-", "COUNT", 1) as Promise<Entry[]>,
      this.#redis.xrange(key, "-", "+", "COUNT", 1) as Promise<Entry[]>,
    ]);
    return {
      kept,
      bytes: bytes ?? 0,
      first: first ? readEvent(first).number : 0,
      last: last ? readEvent(last).number : 0,
    };
  }

  /** The pairs that a session is reserved for. */
  async reservations(session: SessionId): Promise<Reservation[]> {
    const fields = await this.#redis.hgetall(keys.session(session));
    const prefix = sessionFields.reservation;
    return Object.entries(fields).flatMap(([field, value]) => {
      if (!field.startsWith(prefix)) return [];
      const { queue } = JSON.parse(value) as { queue: string };
      return [{ room: field.slice(prefix.length), queue }];
    });
  }

  /** The sessions that stand for a user; `undefined` if there are none, and nothing is noted. */
  async user(dialect: DialectName, user: UserId): Promise<UserFacts | undefined> {
    const fields = await this.#redis.hgetall(keys.user(dialect, user));
    const names = Object.keys(fields);
    if (names.length === 0) return undefined;
    const { session, claims } = fields;
    const [connectedSessions, evicting] = [
      subjectsOf(names, userFields.userSession),
      subjectsOf(names, userFields.eviction),
    ];
    return { session, claims, connectedSessions, evicting };
  }
}

type Entry = [id: string, fields: string[]];

function readEvent([id, fields]: Entry): KeptEvent {
  return { number: Number(id.slice(id.indexOf("-") + 1)), packet: fields[1] ?? "" };
}
