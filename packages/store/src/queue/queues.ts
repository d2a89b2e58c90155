import type { RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import type { TicketRef } from "../session/session-record.ts";
import {
  type QueuedTicket,
  readShadows,
  readStamp,
  type ShadowChange,
  type Stamp,
  type Ticket,
  writeStamp,
} from "./ticket.ts";

const enqueue = new Script("queue/enqueue-ticket-5");
const setTicketConnected = new Script("queue/set-ticket-connected-3");
const dequeue = new Script("queue/dequeue-ticket-5");
const commit = new Script("queue/commit-pair-7");
const lead = new Script("queue/lead-queue-1");
const releaseLead = new Script("queue/release-queue-1");

/** A queue as operators and waiting people see it. */
export interface QueueFigures {
  readonly waiting: number;
  readonly pairs: number;
  /** Mean time from asking to pairing, in ms, over all pairs so far. */
  readonly meanWaitMs: number;
}

/** The queues of waiting sessions. Nodes enqueue, matchmakers commit. Rules Q1–Q9 and Q12 of SPEC.md. */
export class Queues {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Puts a ticket in, or renews the session's; with `place` at an old place. Repeatable; an older ticket changes nothing. */
  async enqueue(
    queue: string,
    session: SessionId,
    ticket: Ticket,
    stamp: Stamp,
    sequence?: number,
  ): Promise<Enqueued | StoreErrorCode> {
    const connected = stamp.connected ? 1 : 0;
    const text = JSON.stringify(ticket);
    const args = [session, text, stamp.number, stamp.epoch, connected, sequence ?? ""] as const;
    const answer = await this.#db.run(enqueue, [...queueKeys(queue), keys.queueChanges(queue)], ...args);
    const errorCode = errorCodeOf(answer);
    if (errorCode) return errorCode;
    const [at, rank] = answer as [number, number];
    return { sequence: at, position: rank + 1 };
  }

  /** Notes whether a ticket's owner is connected. Returns whether that very ticket is there. */
  async setTicketConnected(
    session: SessionId,
    { queue, number }: TicketRef,
    epoch: number,
    connected: boolean,
  ): Promise<boolean> {
    const at = [keys.queueStamps(queue), keys.queueMeta(queue), keys.queueChanges(queue)];
    return (await this.#db.run(setTicketConnected, at, session, number, epoch, connected ? 1 : 0)) === 1;
  }

  /** Takes a ticket out, unless the session has a newer one there. */
  async dequeue(session: SessionId, { queue, number }: TicketRef): Promise<void> {
    await this.#db.run(dequeue, [...queueKeys(queue), keys.queueChanges(queue)], session, number);
  }

  /** Makes a pairing final; `false` if a ticket is gone or has changed, was banned and is out of the queue, or may not meet the other. */
  async commit(queue: string, one: QueuedTicket, two: QueuedTicket, room: RoomId): Promise<boolean> {
    const now = this.#db.clock.now();
    const waited = Math.max(0, now - one.ticket.since) + Math.max(0, now - two.ticket.since);
    const beside = [keys.queueChanges(queue), keys.queueAssignments(queue), keys.queueBanned(queue)];
    const stamps = [writeStamp(one.stamp), writeStamp(two.stamp)] as const;
    const args = [one.session, stamps[0], two.session, stamps[1], room, waited, now] as const;
    return (await this.#db.run(commit, [...queueKeys(queue), ...beside], ...args)) === 1;
  }

  /** Takes or renews the lease to pair a queue. */
  async lead(queue: string, matchmaker: string, lengthMs: number): Promise<boolean> {
    return (await this.#db.run(lead, [keys.queueLeader(queue)], matchmaker, lengthMs)) === 1;
  }

  /** Gives the lease up. */
  async releaseLead(queue: string, matchmaker: string): Promise<void> {
    await this.#db.run(releaseLead, [keys.queueLeader(queue)], matchmaker);
  }

  /** Every ticket and every shadow there is, with the revision that this is the state of. One consistent look (MULTI). */
  async load(queue: string): Promise<{ revision: number; tickets: QueuedTicket[]; shadows: ShadowChange }> {
    const [waiting, tickets, stamps, meta] = queueKeys(queue);
    const answers = await this.#db.redis
      .multi()
      .zrange(waiting, "0", "-1", "WITHSCORES")
      .hgetall(tickets)
      .hgetall(stamps)
      .hget(meta, "revision")
      .hgetall(keys.queueBanned(queue))
      .exec();
    const [sequences, texts, marks, revision, bans] = (answers ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    }) as [unknown, Record<string, string>, Record<string, string>, string | null, Record<string, string>];
    const loaded: QueuedTicket[] = [];
    for (const [session, sequence] of scored(sequences)) {
      const [text, stamp] = [texts[session], marks[session]];
      if (text && stamp) loaded.push({ session, sequence, stamp: readStamp(stamp), ticket: JSON.parse(text) });
    }
    const shadows = readShadows(Object.entries(bans).flat(), true);
    return { revision: Number(revision ?? 0), tickets: loaded, shadows };
  }

  /** The tickets that some sessions have in a queue now. */
  async find(queue: string, sessions: readonly SessionId[]): Promise<QueuedTicket[]> {
    const [waiting, tickets, stamps] = queueKeys(queue);
    const answers = await this.#db.redis
      .multi()
      .zmscore(waiting, ...sessions)
      .hmget(tickets, ...sessions)
      .hmget(stamps, ...sessions)
      .exec();
    const [sequences, texts, marks] = (answers ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer as (string | null)[];
    });
    return sessions.flatMap((session, i) => {
      const [sequence, text, stamp] = [sequences?.[i], texts?.[i], marks?.[i]];
      if (sequence == null || text == null || stamp == null) return [];
      return [{ session, sequence: Number(sequence), stamp: readStamp(stamp), ticket: JSON.parse(text) }];
    });
  }

  /** Some of a queue's tickets, at random; all of them if there are at most `count`. */
  async sample(queue: string, count: number): Promise<{ session: SessionId; ticket: TicketRef }[]> {
    const answer = await this.#db.redis.hrandfield(keys.queueStamps(queue), count, "WITHVALUES");
    return paired(answer).map(([session, stamp]) => ({ session, ticket: { queue, number: readStamp(stamp).number } }));
  }

  /** Since when the first in line waits, Unix time in ms; `undefined` if nobody waits. */
  async firstSince(queue: string): Promise<number | undefined> {
    const [first] = (await this.#db.redis.zrange(keys.queueWaiting(queue), "0", "0")) as SessionId[];
    const [queued] = first === undefined ? [] : await this.find(queue, [first]);
    return queued?.ticket.since;
  }

  async figures(queue: string): Promise<QueueFigures> {
    const [waiting, , , meta] = queueKeys(queue);
    const [length, fields] = await Promise.all([
      this.#db.redis.zcard(waiting),
      this.#db.redis.hmget(meta, "pairs", "waitedMs"),
    ]);
    const [pairs, waited] = fields.map((field) => Number(field ?? 0)) as [number, number];
    return { waiting: length, pairs, meanWaitMs: pairs === 0 ? 0 : Math.round(waited / pairs / 2) };
  }

  /** The 1-based position that the session has, or would get at the end. */
  async position(queue: string, session: SessionId): Promise<number> {
    const [waiting] = queueKeys(queue);
    const [rank, length] = await Promise.all([this.#db.redis.zrank(waiting, session), this.#db.redis.zcard(waiting)]);
    return (typeof rank === "number" ? rank : length) + 1;
  }
}

export interface Enqueued {
  readonly sequence: number;
  readonly position: number;
}

function queueKeys(queue: string): [string, string, string, string] {
  return [keys.queueWaiting(queue), keys.queueTickets(queue), keys.queueStamps(queue), keys.queueMeta(queue)];
}

function scored(answer: unknown): [string, number][] {
  return paired(answer).map(([member, score]) => [member, Number(score)]);
}

/** Members with what belongs to them, as RESP 2 (flat) and RESP 3 (pairs) send them. */
function paired(answer: unknown): [string, string][] {
  const list = (answer ?? []) as (string | number | [string, string | number])[];
  if (Array.isArray(list[0])) return (list as [string, string | number][]).map(([key, value]) => [key, String(value)]);
  return list.flatMap((item, i) => (i % 2 === 0 ? [[String(item), String(list[i + 1])] as [string, string]] : []));
}
