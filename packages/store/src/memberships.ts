import type { DialectName, Member, RoomId, SessionId } from "@switchyard/protocol";
import { type ChatLine, type MessageEntry, readLine } from "./chat-line.ts";
import type { Database } from "./database.ts";
import { keys } from "./keys.ts";
import { flagsOf, type MemberContent, type Roster, readMember, readRoster, writeMember } from "./member-entry.ts";
import { refusalOf } from "./refusal.ts";
import { Script } from "./script.ts";

const enter = new Script("enter-room-5");
const exit = new Script("exit-room-5");
const mark = new Script("mark-member-2");

/** How a room of a dialect behaves. */
export interface RoomRules {
  readonly kind: string;
  readonly dialect: DialectName;
  readonly capacity: number;
  /** How long a room that everyone has left stays, with what was said in it. */
  readonly lingerMs: number;
  /** Messages that who enters is given. */
  readonly historyLimit: number;
}

/** What entering a room has come to. */
export interface Entered {
  readonly outcome: "new" | "again" | "instead";
  /** The session of the same user in whose place it is now. */
  readonly replaced: SessionId | undefined;
  /** The change by which it came in. */
  readonly revision: number;
  /** Whether there was nobody in the room. */
  readonly opened: boolean;
  readonly roster: Roster;
  /** What was said last, oldest first. */
  readonly lines: readonly ChatLine[];
}

/** What leaving a room has come to: who left, by which change, and who is left. */
export interface Exited {
  readonly member: Member;
  readonly revision: number;
  readonly roster: Roster;
}

/**
 * Rooms that clients name: matches, calls and meetings. One script decides who is in, in one order of changes (the revision); the
 * session's own part is a step of its own, which the intent in the session makes repeatable. Rules M1–M7 of SPEC.md.
 */
export class Memberships {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Puts a session into a room; `full`, or with `existing` `missing`, if it can't be.
   * @param existing whether only a room that somebody is in will do
   */
  async enter(
    room: RoomId,
    session: SessionId,
    content: MemberContent,
    rules: RoomRules,
    existing: boolean,
  ): Promise<Entered | "full" | "missing"> {
    const { user, flags } = content;
    const now = this.#db.clock.now();
    const args = [session, user, writeMember(content), flagsOf(flags), rules.kind, rules.dialect, now] as const;
    const more = [rules.capacity, existing ? 1 : 0, rules.historyLimit] as const;
    const answer = await this.#db.run(enter, roomKeys(room), ...args, ...more);
    const refusal = refusalOf(answer);
    if (refusal) return refusal === "full" ? "full" : "missing";
    const [outcome, replaced, revision, current, created, opened, peers, messages] = answer as EnterAnswer;
    return {
      outcome: outcome === 1 ? "new" : outcome === 2 ? "again" : "instead",
      replaced: replaced === "" ? undefined : replaced,
      revision: Number(revision),
      opened: opened === 1,
      roster: readRoster(current, created, peers),
      lines: messages.map(readLine).reverse(),
    };
  }

  /** Takes a session out of a room; `undefined` if it isn't in it and nobody is to be told so any more. Repeatable till `told`. */
  async exit(room: RoomId, session: SessionId, lingerMs: number): Promise<Exited | undefined> {
    const answer = await this.#db.run(exit, roomKeys(room), session, lingerMs, this.#db.clock.now());
    if (refusalOf(answer)) return undefined;
    const [cause, entry, revision, peers] = answer as [string, string, string, string[]];
    return { member: readMember(session, entry), revision: Number(cause), roster: readRoster(revision, "0", peers) };
  }

  /** All who are left in a room have been told that a session left it. */
  async told(room: RoomId, session: SessionId): Promise<void> {
    await this.#db.redis.hdel(keys.roomGone(room), session);
  }

  /** Sets a member's flag (by its place); `undefined` if the session isn't in the room, `same` if it was so already. */
  async mark(room: RoomId, session: SessionId, flag: number, on: boolean): Promise<Roster | "same" | undefined> {
    const at = [keys.roomMeta(room), keys.roomPeers(room)];
    const answer = await this.#db.run(mark, at, session, flag + 1, on ? "1" : "0");
    if (refusalOf(answer)) return undefined;
    if (answer === 0) return "same";
    const [revision, peers] = answer as [string, string[]];
    return readRoster(revision, "0", peers);
  }

  /**
   * Who is in a room, and when that changed last (Unix time in ms); `undefined` if there is no such room. One consistent look (MULTI).
   */
  async roster(room: RoomId): Promise<(Roster & { readonly changed: number }) | undefined> {
    const answers = await this.#db.redis
      .multi()
      .hmget(keys.roomMeta(room), "revision", "created", "changed")
      .hgetall(keys.roomPeers(room))
      .exec();
    const [meta, peers] = (answers ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    }) as [(string | null)[], Record<string, string>];
    const [revision, created, changed] = meta;
    if (!revision) return undefined;
    return { ...readRoster(revision, created ?? "0", Object.entries(peers).flat()), changed: Number(changed) };
  }

  /** How many are in a room. */
  async size(room: RoomId): Promise<number> {
    return this.#db.redis.hlen(keys.roomPeers(room));
  }

  /** By which change a session came into a room, and who is there; `undefined` if it isn't in it. */
  async look(room: RoomId, session: SessionId): Promise<{ revision: number; roster: Roster } | undefined> {
    const entry = await this.#db.redis.hget(keys.roomPeers(room), session);
    const roster = entry === null ? undefined : await this.roster(room);
    return roster && { revision: Number(String(entry).split(" ")[1]), roster };
  }
}

type EnterAnswer = [
  outcome: number,
  replaced: string,
  revision: string,
  current: string,
  created: string,
  opened: number,
  peers: string[],
  messages: MessageEntry[],
];

function roomKeys(room: RoomId): string[] {
  return [keys.roomMeta(room), keys.roomPeers(room), keys.roomUsers(room), keys.roomGone(room), keys.roomChat(room)];
}
