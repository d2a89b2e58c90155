import { createHash } from "node:crypto";
import type { DialectName, Json, RoomId, SessionId, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import { type FeedRules, writeFeedKeep } from "../presence/feeds.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import { type Trace, writeTrace } from "../trace.ts";

const begin = new Script("moderation/begin-notice-3");
const advance = new Script("moderation/advance-notice-2");
const send = new Script("outbox/send-notice-2");
const post = new Script("feed/post-notice-3");

/** For how long an id is remembered, in ms: a back end that got no answer repeats its request within that. */
const REMEMBERED_MS = 15 * 60_000;
/** A command that arrives later than this does nothing: its step was repeated meanwhile, and the session may have forgotten it. */
const COMMAND_MS = 60_000;
/** How many notices a session knows that it has had. */
const DIGESTS = 32;
const DIGEST_LENGTH = 8;
/** How many sessions of a dialect one step is for, about. */
const PAGE = 200;

/** The receivers of a notice: a user's sessions, the members of a room, or everyone in a dialect. */
export type NoticeTarget =
  | { readonly kind: "user"; readonly dialect: DialectName; readonly user: UserId }
  | { readonly kind: "room"; readonly room: RoomId }
  | { readonly kind: "dialect"; readonly dialect: DialectName };

/** An event of a back end's own. */
export interface Notice {
  readonly id: string;
  readonly to: NoticeTarget;
  readonly name: string;
  readonly payload: Json;
}

/** The part of a notice that the audit log has: not its payload. */
export type NotedNotice = Omit<Notice, "payload">;

/** The state of a notice: how far it was sent, and whom it reached. */
export interface NoticeState {
  /** From where the next step goes on; `done`: there is none. */
  readonly cursor: string;
  /** The sessions that have it and are connected, and those that receive it when they are back. */
  readonly connected: number;
  readonly detached: number;
  /** Its entry in the dialect's feed. */
  readonly entry: string | undefined;
}

/** The result of one step. */
export type NoticeStep = Pick<NoticeState, "connected" | "detached"> & {
  readonly cursor: string;
  readonly entry?: string;
};

/** Events of back ends: noted first, sent step by step, and remembered for a while. Rules E1–E5 of SPEC.md. */
export class Notices {
  readonly #db: Database;
  readonly #keep: string;

  /** @param keep how much a session keeps, as `writeOutboxBounds` writes it */
  constructor(db: Database, keep: string) {
    this.#db = db;
    this.#keep = keep;
  }

  /**
   * Notes a notice, or finds it; `conflict`: another one has its id.
   * @param by the operator's name, for the audit log; `undefined`: it is not in there
   */
  async begin(notice: Notice, by: string | undefined): Promise<(NoticeState & { isRepeated: boolean }) | "conflict"> {
    const { payload: _, ...noted } = notice;
    const request = JSON.stringify(notice);
    const digest = createHash("sha256").update(request).digest("base64url");
    const at = [keys.notice(notice.id), keys.openNotices(), keys.audit()];
    const now = this.#db.clock.now();
    const args = [notice.id, digest, request, now, REMEMBERED_MS, by ?? "", JSON.stringify(noted)] as const;
    const answer = await this.#db.run(begin, at, ...args);
    if (errorCodeOf(answer) !== undefined) return "conflict";
    const [begun, ...fields] = answer as string[];
    return { ...readState(fields), isRepeated: begun === "0" };
  }

  /** Notes that a step was done; repeatable. Returns the state then; `undefined`: it is no longer remembered. */
  async advance(id: string, from: string, step: NoticeStep): Promise<NoticeState | undefined> {
    const { cursor, connected, detached, entry = "" } = step;
    const at = [keys.notice(id), keys.openNotices()];
    const args = [id, from, cursor, this.#db.clock.now(), connected, detached, entry] as const;
    const fields = (await this.#db.run(advance, at, ...args)) as string[];
    return fields.length === 0 ? undefined : readState(fields);
  }

  /** Notices whose last step is so long ago, the oldest first: the process that sends them is dead, or slow. */
  async overdue(ms: number, most: number): Promise<string[]> {
    const before = String(this.#db.clock.now() - ms);
    return this.#db.redis.zrange(keys.openNotices(), 0, before, "BYSCORE", "LIMIT", 0, most);
  }

  /** A notice that is not done, and how far it was sent; `undefined` if there is none. */
  async find(id: string): Promise<{ readonly notice: Notice; readonly state: NoticeState } | undefined> {
    const fields = await this.#db.redis.hgetall(keys.notice(id));
    const { request } = fields;
    return request === undefined
      ? undefined
      : { notice: JSON.parse(request) as Notice, state: readState(Object.entries(fields).flat()) };
  }

  /** A notice is no longer looked for. */
  async close(id: string): Promise<void> {
    await this.#db.redis.zrem(keys.openNotices(), id);
  }

  /** Sends a packet to a session, once for the notice's id, if it still stands for the user or has its seat. */
  async send(
    to: SessionId,
    id: string,
    packet: string,
    only: { readonly user?: UserId; readonly room?: RoomId },
    trace?: Trace,
  ): Promise<{ readonly appended: boolean; readonly isConnected: boolean } | StoreErrorCode> {
    const deadline = this.#db.clock.now() + COMMAND_MS;
    const { user = "", room = "" } = only;
    const args = [packet, this.#keep, room, user, writeTrace(trace), deadline, shortDigestOf(id), DIGESTS] as const;
    const answer = await this.#db.run(send, [keys.session(to), keys.outbox(to)], ...args);
    if (Array.isArray(answer)) return { appended: answer[0] !== 0, isConnected: answer[1] === 1 };
    return errorCodeOf(answer) ?? "unknown";
  }

  /** Appends an event (JSON) to a dialect's feed, once for the notice's id; returns the entry's. */
  async post(dialect: DialectName, id: string, event: string, rules: FeedRules): Promise<string> {
    const now = this.#db.clock.now();
    const at = [keys.feed(dialect), keys.presenceMeta(dialect), keys.feedNotice(dialect, id)];
    const since = rules.retentionMs === undefined ? "" : now - rules.retentionMs;
    const args = [event, now, writeFeedKeep(rules), since, now + COMMAND_MS, REMEMBERED_MS] as const;
    return (await this.#db.run(post, at, ...args)) as string;
  }

  /** Some of the sessions in a dialect. Those that are there from the first page to the last are on one of them; a session may be on two. */
  async page(dialect: DialectName, cursor: string): Promise<{ cursor: string; sessions: SessionId[] }> {
    const [next, flat] = await this.#db.redis.hscan(keys.presenceSessions(dialect), cursor, "COUNT", PAGE);
    return { cursor: next, sessions: flat.filter((_, i) => i % 2 === 0) };
  }
}

function shortDigestOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url").slice(0, DIGEST_LENGTH);
}

function readState(flat: readonly string[]): NoticeState {
  const fields = new Map(flat.flatMap((item, i) => (i % 2 === 0 ? [[item, flat[i + 1] ?? ""] as const] : [])));
  const count = (name: string) => Number(fields.get(name) ?? 0);
  return {
    cursor: fields.get("cursor") ?? "done",
    connected: count("connected"),
    detached: count("detached"),
    entry: fields.get("entry"),
  };
}
