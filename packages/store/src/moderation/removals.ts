import type { ChatMessage, DialectName, RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import { type FeedRules, writeFeedKeep } from "../presence/feeds.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { appendedOf, type Repeated, type StoreErrorCode } from "../redis/script-errors.ts";
import { type Trace, writeTrace } from "../trace.ts";

const begin = new Script("moderation/begin-removal-2");
const removeFromRoom = new Script("room/remove-message-3");
const removeFromFeed = new Script("feed/remove-entry-3");
const erase = new Script("outbox/erase-message-2");

/** How many removed entries of a feed are remembered. */
const ENTRIES_REMEMBERED = 1000;

/** A message that is to be removed, and why. */
export interface Removal {
  readonly dialect: DialectName;
  readonly room: RoomId;
  readonly message: ChatMessage;
  /** The operator's name. */
  readonly by: string;
  readonly reason: string;
  /** Unix time in ms. */
  readonly at: number;
  /** Whether all of it was done once. */
  readonly isDone?: boolean;
}

/** The part of a message that the audit log has: not its text. */
export interface NotedMessage extends Pick<ChatMessage, "id" | "session" | "user" | "name"> {
  readonly dialect: DialectName;
  readonly room: RoomId;
}

/** A removed message in the forms in which outboxes may have it. */
export interface ErasedMessage {
  /** The packet of the message itself, or the reference that is kept in its place. */
  readonly said: string;
  /** The message as it stands there, and in lists of messages. */
  readonly message: string;
  /** The same without its text. */
  readonly blank: string;
}

/** The removal of messages from rooms: noted first, carried out, and forgotten last. Rules V5–V8 of SPEC.md. */
export class Removals {
  readonly #db: Database;
  readonly #keep: string;

  /** @param keep how much a session keeps, as `writeOutboxBounds` writes it */
  constructor(db: Database, keep: string) {
    this.#db = db;
    this.#keep = keep;
  }

  /** Notes a removal, and that in the audit log. Repeatable until it is forgotten. */
  async begin(removal: Removal): Promise<void> {
    const { dialect, room, message, by, reason } = removal;
    const { id, session, user, name } = message;
    const noted: NotedMessage = { dialect, room, id, session, user, name };
    const at = [keys.removals(), keys.audit()];
    await this.#db.run(begin, at, nameOf(removal), JSON.stringify(removal), by, reason, JSON.stringify(noted));
  }

  /** The removals that are noted. */
  async noted(): Promise<Removal[]> {
    const all = await this.#db.redis.hvals(keys.removals());
    return all.map((text) => JSON.parse(text) as Removal);
  }

  /** Notes that everything was done once. */
  async done(removal: Removal): Promise<void> {
    await this.#db.redis.hset(keys.removals(), nameOf(removal), JSON.stringify({ ...removal, isDone: true }));
  }

  async forget(removal: Removal): Promise<void> {
    await this.#db.redis.hdel(keys.removals(), nameOf(removal));
  }

  /** Takes a message out of a room's history; returns the room's revision (`undefined`: a pair's) and its members. Repeatable. */
  async removeFromRoom(
    room: RoomId,
    id: string,
  ): Promise<{ readonly revision: number | undefined; readonly members: readonly SessionId[] }> {
    const at = [keys.roomMeta(room), keys.roomPeers(room), keys.roomChat(room)];
    const [revision, ...members] = (await this.#db.run(removeFromRoom, at, id)) as [string, ...SessionId[]];
    return { revision: revision === "" ? undefined : Number(revision), members };
  }

  /** Takes a message out of a dialect's feed, and appends the event (JSON) of that. Repeatable. */
  async removeFromFeed(dialect: DialectName, id: string, event: string, rules: FeedRules): Promise<void> {
    const at = [keys.feed(dialect), keys.presenceMeta(dialect), keys.feedRemoved(dialect)];
    const now = this.#db.clock.now();
    await this.#db.run(removeFromFeed, at, id, event, now, writeFeedKeep(rules), ENTRIES_REMEMBERED);
  }

  /** Erases a message from a session's outbox, and tells it of the removal. Repeatable. */
  async erase(
    from: SessionId,
    room: RoomId,
    { said, message, blank }: ErasedMessage,
    removed: string,
    revision: number | undefined,
    trace?: Trace,
  ): Promise<StoreErrorCode | Repeated | undefined> {
    const at = [keys.session(from), keys.outbox(from)];
    const args = [room, said, removed, message, blank, this.#keep, revision ?? "", writeTrace(trace)] as const;
    return appendedOf(await this.#db.run(erase, at, ...args));
  }
}

function nameOf({ room, message }: Removal): string {
  return `${room} ${message.id}`;
}
