import { type Announcer, type Cluster, sweep } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import { JOBS_PREFIX } from "@switchyard/store";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Metrics } from "./metrics.ts";

const SWEEP_EVERY_MS = 1000;
const QUEUE = "sweep";
/** A sweep whose matchmaker died is taken over after this long. */
const LOCK_MS = 2000;

export interface SweeperParts {
  readonly cluster: Cluster;
  readonly announcers: Iterable<Announcer>;
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Clears up after dead nodes: a recurring job, carried out by one matchmaker at a time. */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #connections: Redis[];
  readonly #queue: Queue;
  readonly #worker: Worker;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#connections = [0, 1].map(() => new Redis(parts.redisUrl, { maxRetriesPerRequest: null }));
    const [forQueue, forWorker] = this.#connections as [Redis, Redis];
    for (const connection of this.#connections) connection.on("error", () => {}); // told by the events below
    this.#queue = new Queue(QUEUE, { connection: forQueue, prefix: JOBS_PREFIX });
    this.#worker = new Worker(QUEUE, () => this.#sweep(), {
      connection: forWorker,
      prefix: JOBS_PREFIX,
      autorun: false,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 1 },
      removeOnFail: { count: 10 },
    });
    const onError = (error: Error) => parts.logger.warn({ err: error }, "the sweep's queue is disturbed");
    this.#queue.on("error", onError);
    this.#worker.on("error", onError);
    this.#worker.on("failed", (_job, error) =>
      parts.logger.warn({ err: error }, "a sweep failed; the next one goes on"),
    );
  }

  async begin(): Promise<void> {
    await this.#queue.upsertJobScheduler("nodes", { every: SWEEP_EVERY_MS }, { name: "nodes" });
    void this.#worker.run();
  }

  async stop(): Promise<void> {
    await this.#worker.close();
    await this.#queue.close();
    for (const connection of this.#connections) connection.disconnect();
  }

  async #sweep(): Promise<void> {
    const { cluster, announcers, metrics, logger } = this.#parts;
    await cluster.store.clock.synchronize(this.#connections[0] as Redis);
    const swept = await sweep(cluster);
    if (swept.finalized > 0) metrics.swept.inc({ outcome: "ended" }, swept.finalized);
    for (const announcer of announcers) announcer.changed(); // whoever noticed a change may have died before it told
    if (swept.forgotten > 0) logger.info(swept, "cleared up after dead nodes");
  }
}
