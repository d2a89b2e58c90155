import { setTimeout as wait } from "node:timers/promises";
import {
  type Announcer,
  type Cluster,
  clusterWithTrace,
  sweep,
  sweepAccounts,
  sweepBans,
  sweepNotices,
  sweepRemovals,
  sweepReports,
} from "@switchyard/core";
import type { Logger, RetryingRedis } from "@switchyard/runtime";
import { JOBS_PREFIX, type Traces } from "@switchyard/store";
import { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Metrics } from "./metrics.ts";

const SWEEP_EVERY_MS = 1000;
const QUEUE = "sweep";
/** A sweep whose matchmaker died is taken over after this long. */
const LOCK_MS = 2000;
const SCHEDULER = "nodes";
/** A schedule that does not move from one look to the next stands still: so many sweeps would have been due. */
const SWEEPS_BETWEEN_LOOKS = 5;

export interface SweeperParts {
  readonly cluster: Cluster;
  readonly traces: Traces;
  readonly announcers: Iterable<Announcer>;
  /** For how long operators' actions are kept. */
  readonly auditRetentionMs: number;
  /** For how long reports are kept. */
  readonly reportRetentionMs: number;
  /** Opens a connection of BullMQ's own. */
  readonly openRetrying: () => RetryingRedis;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

interface OpenWorker {
  readonly worker: Worker;
  readonly connection: Redis;
}

/** Clears up after dead nodes: a recurring job, carried out by one matchmaker at a time. */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #connection: Redis;
  readonly #queue: Queue;
  #worker: OpenWorker;
  readonly #stopping = new AbortController();
  #isSweeping = false;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#connection = this.#openConnection();
    this.#queue = new Queue(QUEUE, { connection: this.#connection, prefix: JOBS_PREFIX });
    this.#queue.on("error", this.#onError);
    this.#worker = this.#openWorker();
  }

  async begin(): Promise<void> {
    await this.#queue.upsertJobScheduler(SCHEDULER, { every: SWEEP_EVERY_MS }, { name: SCHEDULER });
    this.#run();
    void this.#watch();
  }

  /** A sweep that is under way ends first, where it does before another matchmaker would carry it out. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // where Redis has just failed over, the worker waits for good until a connection ends that there isn't
    const closed = this.#worker.worker.close().catch(this.#onError);
    await Promise.race([closed, wait(LOCK_MS, undefined, { ref: false })]);
    await this.#queue.close();
    for (const connection of [this.#connection, this.#worker.connection]) connection.disconnect();
  }

  readonly #onError = (error: unknown): void =>
    this.#parts.logger.warn({ err: error }, "the sweep's queue is disturbed");

  #openConnection(): Redis {
    const connection = this.#parts.openRetrying() as Redis;
    connection.on("error", () => {}); // its users report the error
    return connection;
  }

  #openWorker(): OpenWorker {
    const { logger, metrics } = this.#parts;
    const connection = this.#openConnection();
    const worker = new Worker(QUEUE, () => this.#sweep(), {
      connection,
      prefix: JOBS_PREFIX,
      autorun: false,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 1 },
      removeOnFail: { count: 10 },
    });
    worker.on("error", this.#onError);
    worker.on("failed", (_job, error) => {
      metrics.sweeps.inc({ outcome: "failed" });
      logger.warn({ err: error }, "a sweep failed; the next one goes on");
    });
    return { worker, connection };
  }

  #run(): void {
    this.#worker.worker.run().catch(this.#onError);
  }

  /**
   * BullMQ's worker can stop for good when a master of a Redis Cluster fails: it then waits for its blocking connection to be reset. So
   * where the schedule stands still, another one takes its place. Sweeps beside each other do no harm.
   */
  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let seen: number | undefined;
    for (;;) {
      // one by one: where this process stood still, sweeps did too
      for (let i = 0; i < SWEEPS_BETWEEN_LOOKS && !signal.aborted; i += 1) {
        await wait(SWEEP_EVERY_MS, undefined, { ref: false, signal }).catch(() => {});
      }
      if (signal.aborted) return;
      const next = await this.#nextSweep();
      if (next !== undefined && next === seen && !this.#isSweeping && !signal.aborted) this.#replaceWorker();
      seen = next;
    }
  }

  /** When the next sweep is due, Unix time in ms. */
  async #nextSweep(): Promise<number | undefined> {
    try {
      return (await this.#queue.getJobScheduler(SCHEDULER))?.next;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  #replaceWorker(): void {
    this.#parts.logger.warn("no sweep was begun for seconds; the sweep's worker is replaced");
    const { worker, connection } = this.#worker;
    this.#worker = this.#openWorker();
    this.#run();
    connection.disconnect();
    worker.close(true).catch(this.#onError); // not awaited: what it waits for may never come
  }

  async #sweep(): Promise<void> {
    this.#isSweeping = true;
    try {
      await this.#sweepOnce();
    } finally {
      this.#isSweeping = false;
    }
  }

  async #sweepOnce(): Promise<void> {
    const { cluster, traces, announcers, auditRetentionMs, reportRetentionMs, metrics, logger } = this.#parts;
    await cluster.store.clock.synchronize(this.#connection);
    const trace = traces.background();
    const swept = await sweep(clusterWithTrace(trace, cluster));
    metrics.sweeps.inc({ outcome: "done" });
    metrics.swept.inc({ outcome: "ended" }, swept.finalized);
    metrics.sweptNodes.inc(swept.forgotten);
    metrics.sweptEntries.inc(swept.stale);
    for (const announcer of announcers) announcer.changed(); // the process that noticed a change may have died before it published it
    await sweepBans(cluster, auditRetentionMs);
    await sweepReports(cluster, reportRetentionMs);
    await sweepRemovals(clusterWithTrace(trace, cluster));
    await sweepAccounts(cluster);
    await sweepNotices(clusterWithTrace(trace, cluster));
    if (swept.forgotten > 0) logger.info({ trace: trace.id, ...swept }, "cleared up after dead nodes");
  }
}
