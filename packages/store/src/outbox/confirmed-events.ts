import type { SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";

/** The events of outboxes that clients have confirmed, which are no longer asked for. Rule O12 of SPEC.md. */
export class ConfirmedEvents {
  /** How many of a session's confirmed events are kept at least. */
  readonly keep: number;
  readonly #db: Database;

  constructor(db: Database, keep: number) {
    this.keep = keep;
    this.#db = db;
  }

  /** Removes a session's events up to that number, and no later one: a stream loses whole nodes, so that a few of them may stay. */
  async removeUpTo(session: SessionId, number: number): Promise<void> {
    await this.#db.redis.xtrim(keys.outbox(session), "MINID", "~", `0-${number + 1}`);
  }
}
