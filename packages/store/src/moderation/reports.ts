import type { ChatMessage, DialectName, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";
import {
  notedReport,
  type Report,
  type ReportContent,
  type ReportFile,
  type Resolution,
  readReport,
  readReporterRecord,
} from "./report.ts";

const keep = new Script("moderation/keep-report-6");
const expire = new Script("moderation/expire-reports-3");
const resolve = new Script("moderation/resolve-report-4");

const DAY_MS = 86_400_000;
/** How many reports a network may make for each that one user may: many people can share an address. */
const USERS_OF_A_NETWORK = 10;

/** The limits of what is kept of reports. */
export interface ReportRules {
  /** Most reports of one user a day. */
  readonly perDay: number;
  /** Most reports in all; beyond that the oldest ones are removed. */
  readonly kept: number;
  /** How long a report is kept, and the record of a user after its last one. */
  readonly retentionMs: number;
}

/** `kept`: now, or (`repeated`) before. Else how long the reporter, or its network, has to wait, in ms. */
export type Filed = "kept" | "repeated" | { readonly waitMs: number };

/** The reports of users about users, with their evidence, and how operators resolved them. Rules V1–V4 of SPEC.md. */
export class Reports {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Keeps a report. Repeatable.
   * @param network of the reporter's address, as bans name networks
   */
  async keep(
    report: ReportContent,
    messages: readonly ChatMessage[],
    network: string | undefined,
    rules: ReportRules,
  ): Promise<Filed> {
    const { id, dialect, reporter } = report;
    const at = [
      ...[keys.reports(), keys.reportTimes(), keys.openReports(), keys.reporter(dialect, reporter.user)],
      ...[keys.reportQuota(`user:${dialect}:${reporter.user}`), keys.reportQuota(`network:${network ?? ""}`)],
    ];
    const networkMost = network === undefined ? "" : USERS_OF_A_NETWORK * rules.perDay;
    const content = [id, JSON.stringify(report), JSON.stringify(messages), this.#db.clock.now(), rules.kept] as const;
    const answer = await this.#db.run(keep, at, ...content, DAY_MS, rules.perDay, networkMost, rules.retentionMs);
    if (typeof answer === "number") return answer === 1 ? "kept" : "repeated";
    return { waitMs: (answer as [number])[0] };
  }

  /** Resolves a report; returns the resolution in force, `undefined` if there is no such report. Repeatable. */
  async resolve(report: ReportContent, resolution: Resolution): Promise<Resolution | undefined> {
    const { id, dialect, reporter } = report;
    const at = [keys.reports(), keys.openReports(), keys.reporter(dialect, reporter.user), keys.audit()];
    const { verdict, by, reason } = resolution;
    const decided = [verdict, JSON.stringify(resolution), by, reason] as const;
    const answer = await this.#db.run(resolve, at, id, ...decided, JSON.stringify(notedReport(report)));
    return errorCodeOf(answer) ? undefined : (JSON.parse(answer as string) as Resolution);
  }

  /** Removes reports that are older, at most `most`; returns how many. */
  async expire(retentionMs: number, most: number): Promise<number> {
    const at = [keys.reports(), keys.reportTimes(), keys.openReports()];
    return (await this.#db.run(expire, at, this.#db.clock.now() - retentionMs, most)) as number;
  }

  /**
   * Reports, the latest first.
   * @param before only those before this one, by its id
   * @throws RangeError if there is no such report
   */
  async list(which: "open" | "all", count: number, before?: string): Promise<Report[]> {
    const index = which === "open" ? keys.openReports() : keys.reportTimes();
    let from = 0;
    if (before !== undefined) {
      const at = await this.#db.redis.zscore(keys.reportTimes(), before);
      if (at === null) throw new RangeError("that is no report's id");
      from = await this.#after(index, Number(at), before);
    }
    const ids = await this.#db.redis.zrevrange(index, from, from + count - 1);
    return this.#read(ids);
  }

  /** A report with its evidence and its reporter's record; `undefined` if there is none. */
  async find(id: string): Promise<ReportFile | undefined> {
    const fields = await this.#db.redis.hmget(keys.reports(), id, `${id} verdict`, `${id} messages`);
    const [content, resolution = null, messages] = fields;
    if (typeof content !== "string") return undefined;
    const report = readReport(content, resolution);
    const record = await this.#record(report.dialect, report.reporter.user);
    return { ...report, messages: JSON.parse(messages ?? "[]") as ChatMessage[], record };
  }

  async #record(dialect: DialectName, user: UserId) {
    return readReporterRecord(await this.#db.redis.hgetall(keys.reporter(dialect, user)));
  }

  /** The rank, from the latest, of the first report after one, which may have left the index. */
  async #after(index: string, at: number, id: string): Promise<number> {
    const rank = await this.#db.redis.zrevrank(index, id);
    return rank === null ? this.#db.redis.zcount(index, `(${at}`, "+inf") : rank + 1;
  }

  async #read(ids: readonly string[]): Promise<Report[]> {
    if (ids.length === 0) return [];
    const fields = await this.#db.redis.hmget(keys.reports(), ...ids.flatMap((id) => [id, `${id} verdict`]));
    return ids.flatMap((_, i) => {
      const [content, resolution = null] = fields.slice(2 * i, 2 * i + 2);
      return typeof content === "string" ? [readReport(content, resolution)] : [];
    });
  }
}
