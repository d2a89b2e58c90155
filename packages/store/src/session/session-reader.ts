import type { SessionId, UserId } from "@switchyard/protocol";
import { sessionFields } from "../field-prefixes.ts";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { readSessionRecord, type SessionRecord, type TicketRef, writeTicketRef } from "./session-record.ts";

/** Reads of sessions, which change nothing. */
export class SessionReader {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Whether a session waits with that very ticket. Once it does not, it never will again. */
  async waitsWith(id: SessionId, ticket: TicketRef): Promise<boolean> {
    return (await this.#db.redis.hget(keys.session(id), "ticket")) === writeTicketRef(ticket);
  }

  /** By which session a user is in a call with this one; `*`: it rings all of that user's. */
  async callLegTo(id: SessionId, user: UserId): Promise<SessionId | undefined> {
    const leg = await this.#db.redis.hget(keys.session(id), sessionFields.callLeg + user);
    return (leg as SessionId | null) ?? undefined;
  }

  /** Whether it has a connection now. */
  async isConnected(id: SessionId): Promise<boolean> {
    return (await this.#db.redis.hget(keys.session(id), "state")) === "live";
  }

  /** Whether there is such a session, be it ending. One that has ended never is again. */
  async exists(id: SessionId): Promise<boolean> {
    return (await this.#db.redis.exists(keys.session(id))) === 1;
  }

  /** A session's current record; `undefined` if there is none. */
  async read(id: SessionId): Promise<SessionRecord | undefined> {
    const fields = Object.entries(await this.#db.redis.hgetall(keys.session(id)));
    return fields.length === 0 ? undefined : readSessionRecord(fields.flat());
  }
}
