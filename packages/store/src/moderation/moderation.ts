import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { type AuditEntry, readAuditEntry } from "./audit-entry.ts";
import { type Ban, type BanChange, readBan } from "./ban.ts";

const put = new Script("moderation/put-ban-5");
const lift = new Script("moderation/lift-ban-5");
const expire = new Script("moderation/expire-bans-4");

/** The revision before the first ban. */
const NONE = "0";

/**
 * The bans of the cluster, with a revision that grows with each change, and the audit log of what operators did. Rules B1–B5 of SPEC.md.
 */
export class Moderation {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Puts a ban in force, in the place of one with its id. The very same ban again changes nothing. */
  async put(ban: Ban): Promise<BanChange> {
    const args = [ban.id, JSON.stringify(ban), ban.until ?? "", ban.by, this.#db.clock.now()] as const;
    const [before, revision] = (await this.#db.run(put, banKeys(), ...args)) as [string, string];
    return { before, revision, put: ban, dropped: [] };
  }

  /** Lifts a ban; `lifted` is `undefined` if there is none. */
  async lift(id: string, by: string, reason = ""): Promise<BanChange & { readonly lifted: Ban | undefined }> {
    const answer = (await this.#db.run(lift, banKeys(), id, by, reason, this.#db.clock.now())) as string[];
    const [before = NONE, revision = NONE, ban] = answer;
    return { before, revision, dropped: [id], lifted: ban === undefined ? undefined : readBan(ban) };
  }

  /**
   * Notes in the audit log what an operator is about to do with an account.
   * @param account its id, which is no name
   */
  async noteAccount(action: string, by: string, account: string, reason: string): Promise<void> {
    await this.#db.redis.xadd(keys.audit(), "*", "action", action, "by", by, "account", account, "reason", reason);
  }

  /** Removes bans that are over, at most `most`. */
  async expire(most: number): Promise<number> {
    const [bans, ends, meta] = banKeys();
    const now = this.#db.clock.now();
    return (await this.#db.run(expire, [bans, ends, meta, keys.banChanges()], now, most)) as number;
  }

  /** The revision of the bans, and so of what every process should know. */
  async revision(): Promise<string> {
    return (await this.#db.redis.hget(keys.banMeta(), "revision")) ?? NONE;
  }

  /** Every ban, with the revision that this is the state of. One consistent look (MULTI). */
  async load(): Promise<{ readonly revision: string; readonly bans: readonly Ban[] }> {
    const answers = await this.#db.redis.multi().hgetall(keys.bans()).hget(keys.banMeta(), "revision").exec();
    const [bans, revision] = (answers ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    }) as [Record<string, string>, string | null];
    return { revision: revision ?? NONE, bans: Object.values(bans).map(readBan) };
  }

  /**
   * The last actions of operators, the latest first.
   * @param before only those before this entry
   * @throws RangeError if that is no entry's id
   */
  async audit(count: number, before?: string): Promise<AuditEntry[]> {
    if (before !== undefined && !/^\d{1,15}-\d{1,15}$/.test(before)) throw new RangeError("that is no entry's id");
    if (before !== undefined && /^0+-0+$/.test(before)) return []; // for Redis nothing can be before that
    const from = before === undefined ? "+" : `(${before}`;
    const answer = await this.#db.redis.xrevrange(keys.audit(), from, "-", "COUNT", count);
    return (answer as [string, string[]][]).map(readAuditEntry);
  }

  /** Forgets actions that are older. */
  async trimAudit(retentionMs: number): Promise<void> {
    await this.#db.redis.xtrim(keys.audit(), "MINID", String(this.#db.clock.now() - retentionMs));
  }
}

function banKeys(): [string, string, string, string, string] {
  return [keys.bans(), keys.banEnds(), keys.banMeta(), keys.audit(), keys.banChanges()];
}
