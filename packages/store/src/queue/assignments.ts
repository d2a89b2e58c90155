import type { RoomId, SessionId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { type QueuedTicket, readStamp } from "./ticket.ts";

const finish = new Script("assignment/finish-assignment-1");
const GROUP = "matchmakers";

/** A pairing that was made final and is to be carried out. */
export interface Assignment {
  readonly id: string;
  readonly queue: string;
  readonly room: RoomId;
  readonly one: QueuedTicket;
  readonly two: QueuedTicket;
}

/** A matchmaker, as far as it carries pairings out. */
export interface AssignmentConsumer {
  readonly name: string;
  /** How many it has taken and not finished. */
  readonly pending: number;
  /** How long ago it asked for more, in ms. */
  readonly silentMs: number;
}

type Entry = [id: string, fields: string[] | null];

/**
 * Pairings that are not carried out yet: a stream with a consumer group, so that each assignment belongs to one
 * matchmaker, and to another one if that one dies. Rules A1–A3 of SPEC.md.
 */
export class Assignments {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Makes sure that the consumer group exists. */
  async prepare(queue: string): Promise<void> {
    try {
      await this.#db.redis.xgroup("CREATE", keys.queueAssignments(queue), GROUP, "0", "MKSTREAM");
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("BUSYGROUP")) throw error;
    }
  }

  /**
   * Waits for new assignments on a connection of its own, at most `blockMs`.
   * @param reader a connection that this call may block
   */
  async take(reader: Redis, queue: string, consumer: string, count: number, blockMs: number): Promise<Assignment[]> {
    const key = keys.queueAssignments(queue);
    const answer = await reader.xreadgroup(
      "GROUP",
      GROUP,
      consumer,
      "COUNT",
      count,
      "BLOCK",
      blockMs,
      "STREAMS",
      key,
      ">",
    );
    return entriesOf(answer).flatMap((entry) => read(queue, entry));
  }

  /** Takes over what others began `idleMs` ago and did not finish. */
  async takeOver(queue: string, consumer: string, count: number, idleMs: number): Promise<Assignment[]> {
    const key = keys.queueAssignments(queue);
    const answer = await this.#db.redis.xautoclaim(key, GROUP, consumer, idleMs, "0", "COUNT", count);
    return (answer[1] as Entry[]).flatMap((entry) => read(queue, entry));
  }

  /** Removes an assignment that was carried out. */
  async finish({ queue, id }: Assignment): Promise<void> {
    await this.#db.run(finish, [keys.queueAssignments(queue)], GROUP, id);
  }

  /** Those that are not yet carried out, the oldest first, at most `count`. */
  async list(queue: string, count: number): Promise<Assignment[]> {
    const entries = await this.#db.redis.xrange(keys.queueAssignments(queue), "-", "+", "COUNT", count);
    return (entries as Entry[]).flatMap((entry) => read(queue, entry));
  }

  /** How many are not yet carried out. */
  async open(queue: string): Promise<number> {
    return this.#db.redis.xlen(keys.queueAssignments(queue));
  }

  /** Forgets consumers that hold nothing and have been silent for `idleMs`. */
  async forgetSilent(queue: string, idleMs: number): Promise<void> {
    for (const { name, pending, silentMs } of await this.consumers(queue)) {
      if (pending === 0 && silentMs > idleMs) {
        await this.#db.redis.xgroup("DELCONSUMER", keys.queueAssignments(queue), GROUP, name);
      }
    }
  }

  /** The matchmakers that have asked for a queue's assignments. */
  async consumers(queue: string): Promise<AssignmentConsumer[]> {
    const consumers = (await this.#db.redis.xinfo("CONSUMERS", keys.queueAssignments(queue), GROUP)) as unknown[];
    return consumers.map(fieldsOf).map((consumer) => ({
      name: String(consumer.get("name")),
      pending: Number(consumer.get("pending")),
      silentMs: Number(consumer.get("idle")),
    }));
  }
}

/** A reply map, as RESP 2 (flat list) and RESP 3 (object) send it. */
function fieldsOf(reply: unknown): Map<string, unknown> {
  if (!Array.isArray(reply)) return new Map(Object.entries(reply as object));
  return new Map(reply.flatMap((item, i) => (i % 2 === 0 ? [[String(item), reply[i + 1]] as const] : [])));
}

/** The entries of the one stream that was read. */
function entriesOf(answer: unknown): Entry[] {
  if (!answer) return [];
  const streams = Array.isArray(answer)
    ? (answer as [string, Entry[]][]).map(([, list]) => list)
    : Object.values(answer);
  return (streams[0] ?? []) as Entry[];
}

function read(queue: string, [id, list]: Entry): Assignment[] {
  if (!list) return []; // it was removed meanwhile
  const fields = fieldsOf(list) as Map<string, string>;
  const field = (name: string) => fields.get(name) ?? "";
  const side = (name: "one" | "two"): QueuedTicket => ({
    session: field(name) as SessionId,
    sequence: Number(field(`${name}Place`)),
    stamp: readStamp(field(`${name}Stamp`)),
    ticket: JSON.parse(field(`${name}Ticket`)),
  });
  return [{ id, queue, room: field("room"), one: side("one"), two: side("two") }];
}
