import { keys } from "../keys.ts";
import type { Ban } from "../moderation/ban.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { SHADOW } from "./ticket.ts";

const apply = new Script("queue/apply-bans-3");

/** A ban as a queue has it: by its subject, until its end. One whose effect is `shadow` puts its subject into the shadow pool. */
export type QueueBan = Pick<Ban, "subject" | "dialect" | "until" | "effect">;

/**
 * The bans that hold for a queue, in the queue's own slot, so that the script that makes a pairing final sees them. They are those of the
 * cluster as of some revision. Rules Q10, Q11 and Q13 of SPEC.md.
 */
export class QueueBans {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The revision that a queue's bans have. */
  async revision(queue: string): Promise<string> {
    return (await this.#db.redis.hget(keys.queueBanned(queue), "revision")) ?? "0";
  }

  /**
   * Applies the changes between two revisions; without effect if the queue's bans are not those of `before`.
   * @returns the revision that they have now
   */
  async change(
    queue: string,
    between: { readonly before: string; readonly revision: string },
    put: readonly QueueBan[],
    dropped: readonly QueueBan[],
  ): Promise<string> {
    return this.#apply(queue, between.before, between.revision, [
      ...dropped.flatMap((ban) => [fieldOf(ban), ""]),
      ...put.flatMap((ban) => [fieldOf(ban), ban.until ?? "never"]),
    ]);
  }

  /**
   * Puts the whole list of a revision in the place of an older one.
   * @returns the revision that the queue's bans have now
   */
  async replace(queue: string, revision: string, bans: readonly QueueBan[]): Promise<string> {
    const entries = bans.flatMap((ban) => [fieldOf(ban), ban.until ?? "never"]);
    return this.#apply(queue, "", revision, entries);
  }

  async #apply(
    queue: string,
    before: string,
    revision: string,
    entries: readonly (string | number)[],
  ): Promise<string> {
    return (await this.#db.run(
      apply,
      [keys.queueBanned(queue), keys.queueMeta(queue), keys.queueChanges(queue)],
      before,
      revision,
      JSON.stringify(entries.map(String)),
    )) as string;
  }
}

/** A ban in one dialect, and one everywhere, of the same subject are two. */
function fieldOf({ effect, subject, dialect }: QueueBan): string {
  const field = `${dialect === undefined ? "everywhere" : "here"}:${subject}`;
  return effect === "shadow" ? `${SHADOW}${field}` : field;
}
