import type { RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Leased } from "../outbox/outbox-arguments.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";
import type { Entered, Entrant, EntryError, RoomRules, UnfinishedAttempt } from "./entry.ts";
import { flagsOf, type Occupant, type Roster, readOccupant, readRoster, writeMember } from "./member-entry.ts";
import { type ChatEntry, readChatMessage } from "./rooms.ts";

const create = new Script("room/create-room-2");
const enter = new Script("room/enter-room-5");
const exit = new Script("room/exit-room-5");
const setFlag = new Script("room/set-flag-2");
const forgetLeaver = new Script("room/forget-leaver-1");

/** The result of leaving a room: the member that left, the revision, and the members that stay. */
export interface Exited {
  readonly member: Occupant;
  readonly revision: number;
  readonly roster: Roster;
}

/** The members of a room, and those that have left without all others having been notified. */
export interface MembershipAudit {
  readonly members: readonly Occupant[];
  readonly gone: readonly Occupant[];
}

/**
 * Rooms that clients name: matches, calls and meetings. One script decides who is in, in one order of changes (the revision); the
 * session's own part is a step of its own, which the intent in the session makes repeatable. Rules M1–M15 of SPEC.md.
 */
export class Memberships {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Creates a room that nobody is in yet, and that is gone after `lifetimeMs` unless somebody enters it.
   * @returns `false` if there is a room of that name
   */
  async create(room: RoomId, { kind, dialect }: RoomRules, lifetimeMs: number): Promise<boolean> {
    const now = this.#db.clock.now();
    return (
      (await this.#db.run(create, [keys.roomMeta(room), keys.roomPeers(room)], kind, dialect, now, lifetimeMs)) === 1
    );
  }

  /**
   * Puts a session into a room.
   * @param existing whether only a room that somebody is in will do
   */
  async enter(
    room: RoomId,
    { session, attempt, claim, content, lease }: Entrant,
    rules: RoomRules,
    existing: boolean,
  ): Promise<Entered | UnfinishedAttempt | EntryError> {
    const { user, flags } = content;
    const now = this.#db.clock.now();
    const args = [session, user, writeMember(content), flagsOf(flags), rules.kind, rules.dialect, now] as const;
    const more = [rules.capacity, existing ? 1 : 0, rules.historyLimit, attempt, claim, lease ?? ""] as const;
    const answer = await this.#db.run(enter, roomKeys(room), ...args, ...more);
    const errorCode = errorCodeOf(answer);
    if (errorCode) return entryErrors[errorCode as keyof typeof entryErrors];
    const [outcome, current, created, opened, peers, messages] = answer as EnterAnswer;
    if (outcome === 0) return { attempt: Number(current) };
    return {
      outcome: outcome === 1 ? "new" : outcome === 2 ? "again" : "instead",
      opened: opened === 1,
      roster: readRoster(current, created, peers),
      messages: messages.map(readChatMessage).reverse(),
    };
  }

  /**
   * Takes a session out of a room, if it is in it by that attempt or an earlier one; `undefined` if it isn't, and no
   * member has to be notified any longer. Repeatable until `forgetLeaver`.
   */
  async exit(room: RoomId, session: SessionId, attempt: number, lingerMs: number): Promise<Exited | undefined> {
    const answer = await this.#db.run(exit, roomKeys(room), session, lingerMs, this.#db.clock.now(), attempt);
    if (errorCodeOf(answer)) return undefined;
    const [cause, entry, revision, peers] = answer as [string, string, string, string[]];
    return { member: readOccupant(session, entry), revision: Number(cause), roster: readRoster(revision, "0", peers) };
  }

  /** Notes that all members of a room have been notified of a session's exit, by that revision. */
  async forgetLeaver(room: RoomId, session: SessionId, revision: number): Promise<void> {
    await this.#db.run(forgetLeaver, [keys.roomGone(room)], session, revision);
  }

  /** Sets a member's flag (by its place); `undefined` if the session isn't in the room, `same` if it was so already. */
  async setFlag(
    room: RoomId,
    { session, lease }: Leased & { readonly session: SessionId },
    flag: number,
    on: boolean,
  ): Promise<Roster | "same" | undefined> {
    const at = [keys.roomMeta(room), keys.roomPeers(room)];
    const answer = await this.#db.run(setFlag, at, session, flag + 1, on ? "1" : "0", lease ?? "");
    if (errorCodeOf(answer)) return undefined;
    if (answer === 0) return "same";
    const [revision, peers] = answer as [string, string[]];
    return readRoster(revision, "0", peers);
  }

  /**
   * The members of a room, and the time of the last change (Unix time in ms); `undefined` if there is no such room. One
   * consistent snapshot (MULTI).
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

  /** How somebody is in a room; `undefined` if it isn't. */
  async find(room: RoomId, session: SessionId): Promise<Occupant | undefined> {
    const entry = await this.#db.redis.hget(keys.roomPeers(room), session);
    return entry === null ? undefined : readOccupant(session, entry);
  }

  /** All that a room knows of sessions, to be compared with what they say. */
  async inspect(room: RoomId): Promise<MembershipAudit> {
    const { redis } = this.#db;
    const [members, gone] = await Promise.all(
      [keys.roomPeers(room), keys.roomGone(room)].map((key) => redis.hgetall(key)),
    );
    return {
      members: Object.entries(members ?? {}).map(([session, entry]) => readOccupant(session, entry)),
      gone: Object.entries(gone ?? {}).map(([session, entry]) =>
        readOccupant(session, entry.slice(entry.indexOf(" ") + 1)),
      ),
    };
  }
}

type EnterAnswer = [
  outcome: number,
  current: string,
  created: string,
  opened: number,
  peers: string[],
  messages: ChatEntry[],
];

const entryErrors = { full: "full", outdated: "missing", fenced: "overtaken" } as const;

function roomKeys(room: RoomId): string[] {
  return [keys.roomMeta(room), keys.roomPeers(room), keys.roomUsers(room), keys.roomGone(room), keys.roomChat(room)];
}
