import { type Announcer, type Cluster, clusterTracedBy, sweep } from "@switchyard/core";
import type { Logger, PatientRedis } from "@switchyard/runtime";
import { JOBS_PREFIX, type Traces } from "@switchyard/store";
import { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Metrics } from "./metrics.ts";

const SWEEP_EVERY_MS = 1000;
const QUEUE = "sweep";
/** A sweep whose matchmaker died is taken over after this long. */
const LOCK_MS = 2000;

export interface SweeperParts {
  readonly cluster: Cluster;
  readonly traces: Traces;
  readonly announcers: Iterable<Announcer>;
  /** Opens a connection of BullMQ's own. */
  readonly openPatient: () => PatientRedis;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Clears up after dead nodes: a recurring job, carried out by one matchmaker at a time. */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #connections: PatientRedis[];
  readonly #queue: Queue;
  readonly #worker: Worker;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#connections = [0, 1].map(() => parts.openPatient());
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
    this.#worker.on("failed", (_job, error) => {
      parts.metrics.sweeps.inc({ outcome: "failed" });
      parts.logger.warn({ err: error }, "a sweep failed; the next one goes on");
    });
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
    const { cluster, traces, announcers, metrics, logger } = this.#parts;
    await cluster.store.clock.synchronize(this.#connections[0] as Redis);
    const trace = traces.ofNoEvent();
    const swept = await sweep(clusterTracedBy(trace, cluster));
    metrics.sweeps.inc({ outcome: "done" });
    metrics.swept.inc({ outcome: "ended" }, swept.finalized);
    metrics.sweptNodes.inc(swept.forgotten);
    metrics.sweptEntries.inc(swept.stale);
    for (const announcer of announcers) announcer.changed(); // whoever noticed a change may have died before it told
    if (swept.forgotten > 0) logger.info({ trace: trace.id, ...swept }, "cleared up after dead nodes");
  }
}
