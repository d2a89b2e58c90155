import type { SessionId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import { readStamp, type Stamp } from "../queue/ticket.ts";
import { answersOf, pairPages } from "./pages.ts";

/** A session's entries in a queue: if one is missing, the state is broken. */
export interface QueueEntry {
  readonly sequence: number | undefined;
  readonly hasTicket: boolean;
  readonly stamp: Stamp | undefined;
}

/** The state of queues in Redis, read-only. */
export class QueueInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The waiting sessions, with the stamps of their tickets, page by page. */
  async *stamps(queue: string): AsyncGenerator<readonly (readonly [SessionId, Stamp])[]> {
    for await (const page of pairPages(this.#redis, keys.queueStamps(queue), "hash")) {
      yield page.map(([session, stamp]) => [session, readStamp(stamp)] as const);
    }
  }

  /** The sessions with a queue sequence, page by page. */
  async *queued(queue: string): AsyncGenerator<readonly SessionId[]> {
    for await (const page of pairPages(this.#redis, keys.queueWaiting(queue), "sorted set")) {
      yield page.map(([session]) => session);
    }
  }

  /** The sessions with a ticket, page by page. */
  async *tickets(queue: string): AsyncGenerator<readonly SessionId[]> {
    for await (const page of pairPages(this.#redis, keys.queueTickets(queue), "hash")) {
      yield page.map(([session]) => session);
    }
  }

  /** One consistent look (MULTI). */
  async entry(queue: string, session: SessionId): Promise<QueueEntry> {
    const asked = this.#redis
      .multi()
      .zscore(keys.queueWaiting(queue), session)
      .hexists(keys.queueTickets(queue), session)
      .hget(keys.queueStamps(queue), session);
    const answers = answersOf(await asked.exec());
    const [sequence, hasTicket, stamp] = answers as [string | null, number, string | null];
    return {
      sequence: sequence === null ? undefined : Number(sequence),
      hasTicket: hasTicket === 1,
      stamp: stamp === null ? undefined : readStamp(stamp),
    };
  }

  /** The first session in the queue; `undefined` if none waits. */
  async first(queue: string): Promise<SessionId | undefined> {
    const [first] = await this.#redis.zrange(keys.queueWaiting(queue), "0", "0");
    return first;
  }

  /** The matchmaker that pairs it; `undefined` if none does. */
  async leader(queue: string): Promise<string | undefined> {
    return (await this.#redis.get(keys.queueLeader(queue))) ?? undefined;
  }
}
