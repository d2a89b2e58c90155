import type { SessionId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import { readStamp, type Stamp } from "../queue/ticket.ts";
import { answersOf, pairPages } from "./pages.ts";

/** What a queue has of a session: all three, or something is wrong. */
export interface QueueEntry {
  readonly sequence: number | undefined;
  readonly hasTicket: boolean;
  readonly stamp: Stamp | undefined;
}

/** What Redis knows of queues, as it is: read, and never changed. */
export class QueueInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Who waits, with the version of its ticket, some at a time. */
  async *stamps(queue: string): AsyncGenerator<readonly (readonly [SessionId, Stamp])[]> {
    for await (const page of pairPages(this.#redis, keys.queueStamps(queue), "hash")) {
      yield page.map(([session, stamp]) => [session, readStamp(stamp)] as const);
    }
  }

  /** Who has a place, some at a time. */
  async *queued(queue: string): AsyncGenerator<readonly SessionId[]> {
    for await (const page of pairPages(this.#redis, keys.queueWaiting(queue), "sorted set")) {
      yield page.map(([session]) => session);
    }
  }

  /** Who has a ticket, some at a time. */
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

  /** Who stands first; `undefined` if nobody waits. */
  async first(queue: string): Promise<SessionId | undefined> {
    const [first] = await this.#redis.zrange(keys.queueWaiting(queue), "0", "0");
    return first;
  }

  /** The matchmaker that pairs it; `undefined` if none does. */
  async leader(queue: string): Promise<string | undefined> {
    return (await this.#redis.get(keys.queueLeader(queue))) ?? undefined;
  }
}
