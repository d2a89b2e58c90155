import type { ChatMessage, DialectName, RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Sender } from "../outbox/outbox-arguments.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";

const decide = new Script("room/decide-room-2");
const close = new Script("room/close-room-2");
const remove = new Script("room/remove-room-3");
const postMessage = new Script("room/post-message-3");

/** How long a void or removed room is remembered, so that a late repetition can't open it. */
const VOID_MS = 60_000;
/** How many chat messages a pair's room keeps. */
const CHAT_KEPT = 50;
/** Most messages that a pair which has ended keeps as evidence, as long as it is remembered. */
const ENDED_KEPT = { messages: 20, bytes: 4096 } as const;

/** A room's entry of a session in it. */
export interface Peer {
  readonly user: string;
}
export type RoomState = "open" | "void" | "closing";

/** Rooms: their members, whether they are open, and their messages. Rules R1–R6 and V10 of SPEC.md. */
export class Rooms {
  readonly #db: Database;
  readonly #historyBytes: number;

  /** @param historyBytes bytes of messages that a room keeps */
  constructor(db: Database, historyBytes: number) {
    this.#db = db;
    this.#historyBytes = historyBytes;
  }

  /** Opens a room for reserved sessions, or declares it void. The first decision stands; it is returned. */
  async decide(
    id: RoomId,
    wanted: "open" | "void",
    dialect: DialectName,
    peers: ReadonlyMap<SessionId, Peer>,
  ): Promise<RoomState> {
    const listed = [...peers].flatMap(([session, peer]) => [session, JSON.stringify(peer)]);
    const at = [keys.roomMeta(id), keys.roomPeers(id)];
    return (await this.#db.run(
      decide,
      at,
      wanted,
      "pair",
      dialect,
      this.#db.clock.now(),
      VOID_MS,
      ...listed,
    )) as RoomState;
  }

  /** Begins a room's end; returns who is still to be taken out of it (nobody, if it never opened). Repeatable. */
  async close(id: RoomId): Promise<readonly SessionId[]> {
    const answer = await this.#db.run(close, [keys.roomMeta(id), keys.roomPeers(id)], VOID_MS);
    return (answer as string[]).slice(1);
  }

  /** Removes a closing room that everyone was taken out of. Its last messages can be read for another minute. */
  async remove(id: RoomId): Promise<void> {
    const at = [keys.roomMeta(id), keys.roomPeers(id), keys.roomChat(id)];
    await this.#db.run(remove, at, VOID_MS, ENDED_KEPT.messages, ENDED_KEPT.bytes);
  }

  /** The last messages up to that one, oldest first, as far as they are kept. */
  async messagesUpTo(id: RoomId, message: string, count: number): Promise<ChatMessage[]> {
    if (count === 0) return [];
    const entries = await this.#db.redis.xrevrange(keys.roomChat(id), message, "-", "COUNT", count);
    return (entries as ChatEntry[]).map(readChatMessage).reverse();
  }

  /** Whether people can speak in it; `undefined` if there is no such room. */
  async state(id: RoomId): Promise<RoomState | undefined> {
    return ((await this.#db.redis.hget(keys.roomMeta(id), "state")) as RoomState | null) ?? undefined;
  }

  /** The dialect whose members it has; `undefined` if there is no such room. */
  async dialect(id: RoomId): Promise<DialectName | undefined> {
    return ((await this.#db.redis.hget(keys.roomMeta(id), "dialect")) as DialectName | null) ?? undefined;
  }

  /** The sessions that are in it; none if it is not open. */
  async members(id: RoomId): Promise<readonly SessionId[]> {
    const [state, members] = await Promise.all([this.state(id), this.#db.redis.hkeys(keys.roomPeers(id))]);
    return state === "open" ? members : [];
  }

  /** A message of its history; `undefined` if there is none with that id. */
  async message(id: RoomId, message: string): Promise<ChatMessage | undefined> {
    const [entry] = await this.#db.redis.xrange(keys.roomChat(id), message, message);
    return entry && readChatMessage(entry as ChatEntry);
  }

  /** Whether it keeps messages as old as that one, or older: then the history has lost none since. */
  async hasMessagesUpTo(id: RoomId, message: string): Promise<boolean> {
    return (await this.#db.redis.xrange(keys.roomChat(id), "-", message, "COUNT", 1)).length > 0;
  }

  /** The last messages, oldest first. */
  async recentMessages(id: RoomId, count: number): Promise<ChatMessage[]> {
    const entries = await this.#db.redis.xrevrange(keys.roomChat(id), "+", "-", "COUNT", count);
    return (entries as ChatEntry[]).map(readChatMessage).reverse();
  }

  /** Keeps a message; `undefined` if the speaker isn't in the room, or has spoken in a later epoch. `at` is Unix time in ms. */
  async postMessage(
    id: RoomId,
    { session, epoch, lease }: Sender,
    message: NewMessage,
    kept = CHAT_KEPT,
  ): Promise<PostedMessage | undefined> {
    const at = [keys.roomMeta(id), keys.roomPeers(id), keys.roomChat(id)];
    const args = [session, JSON.stringify({ session, ...message }), kept, epoch, lease ?? ""] as const;
    const answer = await this.#db.run(postMessage, at, ...args, this.#historyBytes);
    if (errorCodeOf(answer)) return undefined;
    const [messageId, revision, ...members] = answer as [string, string, ...SessionId[]];
    return { id: messageId, at: timeOf(messageId), revision: Number(revision), members };
  }
}

/** A message to be posted. */
export interface NewMessage {
  readonly user: string;
  readonly name?: string;
  readonly text: string;
}

export interface PostedMessage {
  readonly id: string;
  readonly at: number;
  /** The room's; 0 for a pair. */
  readonly revision: number;
  readonly members: readonly SessionId[];
}

/** A stream entry: its id and its fields. */
export type ChatEntry = [id: string, fields: string[]];

export function readChatMessage([id, fields]: ChatEntry): ChatMessage {
  const { session, user, name, text } = JSON.parse(fields[1] ?? "{}") as Omit<ChatMessage, "id" | "at">;
  return { id, at: timeOf(id), session, user, name, text };
}

/** When an entry of a stream was made, Unix time in ms. */
function timeOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}
