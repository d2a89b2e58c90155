import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { WorkersError } from "./hand-out.ts";

/** A queue in a Redis, by which slices are handed out. */
export interface QueueAddress {
  readonly url: string;
  /** Workers take slices of the queue of that name only. */
  readonly name: string;
  /** A worker that was not heard of for that long is lost. */
  readonly lockMs?: number;
}

/** All keys are of one slot of a Redis Cluster. */
export const PREFIX = "{switchyard-load}";
export const LOCK_MS = 15_000;
/** Of keys that nobody looks after. */
const LIFETIME_MS = 3_600_000;
/** Of the phase of a run whose handing out has ended without a word. */
const PHASE_LIFETIME_MS = 30_000;
const KEPT_EVENTS = 100;

/** BullMQ's queue of slices, and beside it the phases of runs. Each of its keys has a lifetime, or is removed by `remove`. */
export class SliceQueue {
  readonly queue: Queue;
  readonly redis: Redis;
  readonly #name: string;

  constructor(redis: Redis, name: string) {
    this.redis = redis;
    this.#name = name;
    const streams = { events: { maxLen: KEPT_EVENTS } };
    this.queue = new Queue(name, { connection: redis, prefix: PREFIX, streams });
    this.queue.on("error", () => {}); // its users report the error
  }

  /** @throws WorkersError if Redis can't be reached */
  static async open({ url, name }: QueueAddress): Promise<SliceQueue> {
    return new SliceQueue(await connect(url), name);
  }

  /** Nothing for a run that is over, or whose handing out has ended. */
  phase(run: string): Promise<string | null> {
    return this.redis.get(this.#phaseKey(run));
  }

  async announce(run: string, phase: string): Promise<void> {
    await this.redis.set(this.#phaseKey(run), phase, "PX", PHASE_LIFETIME_MS);
  }

  async forget(run: string): Promise<void> {
    await this.redis.del(this.#phaseKey(run));
  }

  /** Gives every key a lifetime anew, but the one to which BullMQ itself gives one: until the next look for dead workers. */
  async keep(jobs: readonly string[] = []): Promise<void> {
    const own = jobs.flatMap((id) => [this.queue.toKey(id), this.queue.toKey(`${id}:logs`)]);
    const pipeline = this.redis.pipeline();
    const { "stalled-check": _, ...keys } = this.queue.keys;
    for (const key of [...Object.values(keys), ...own]) pipeline.pexpire(key, LIFETIME_MS);
    await pipeline.exec();
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.redis.disconnect();
  }

  #phaseKey(run: string): string {
    return this.queue.toKey(`phase:${this.#name}:${run}`);
  }
}

/** @throws WorkersError */
async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  let reason = "";
  redis.on("error", ({ message }) => {
    reason = message;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    const message = reason || (error instanceof Error ? error.message : String(error));
    throw new WorkersError(`the queue's Redis can't be used: ${message}`);
  }
}
