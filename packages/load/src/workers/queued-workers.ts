import { setTimeout as wait } from "node:timers/promises";
import { type Job, Worker } from "bullmq";
import type { Half } from "../oracle/half.ts";
import type { WorkerPool } from "./hand-out.ts";
import type { Phase } from "./part.ts";
import { LOCK_MS, PREFIX, type QueueAddress, SliceQueue } from "./queue.ts";
import { Halves, PartProgress, type Slice, SliceResult, type SliceState } from "./slice.ts";

const KEEP_EVERY_MS = 60_000;
const POLL_MS = 1000;
/** Workers that come together come within that many looks. */
const SAME_COUNT = 3;
const LET_GO_WITHIN_MS = 5000;
const CHECKS_IN_A_LOCK = 5;

/** Workers on any number of machines, which take slices from a queue of BullMQ's. */
export class QueuedWorkers implements WorkerPool {
  readonly lookEveryMs = 250;
  readonly #slices: SliceQueue;
  readonly #run: string;
  readonly #ids: readonly string[];
  /** Finds jobs whose worker is gone; it takes none itself. */
  readonly #monitor: Worker;
  readonly #read = new Map<string, number>();
  #keptAt = performance.now();

  private constructor(slices: SliceQueue, run: string, ids: readonly string[], monitor: Worker) {
    this.#slices = slices;
    this.#run = run;
    this.#ids = ids;
    this.#monitor = monitor;
  }

  /** @throws WorkersError if Redis can't be reached */
  static async open(address: QueueAddress, slices: readonly [Slice, ...Slice[]]): Promise<QueuedWorkers> {
    const queue = await SliceQueue.open(address);
    const [{ run }] = slices;
    const ids = slices.map(({ number }) => `${run}-${number}`);
    const stalledInterval = (address.lockMs ?? LOCK_MS) / CHECKS_IN_A_LOCK;
    const monitor = new Worker(address.name, null, {
      connection: queue.redis,
      prefix: PREFIX,
      autorun: false,
      stalledInterval,
      maxStalledCount: 0, // a slice whose worker died is lost: users that begin anew would have other names
    });
    monitor.on("error", () => {});
    const pool = new QueuedWorkers(queue, run, ids, monitor);
    await pool.announce("prepare");
    await queue.queue.addBulk(
      slices.map((slice, index) => ({ name: "slice", data: slice, opts: { jobId: ids[index] ?? "" } })),
    );
    await queue.keep(ids);
    void monitor.startStalledCheckTimer().catch(() => {});
    return pool;
  }

  async states(): Promise<readonly SliceState[]> {
    if (performance.now() - this.#keptAt > KEEP_EVERY_MS) {
      this.#keptAt = performance.now();
      await this.#slices.keep(this.#ids);
    }
    return Promise.all(this.#ids.map((id) => this.#stateOf(id)));
  }

  announce(phase: Phase): Promise<void> {
    return this.#slices.announce(this.#run, phase);
  }

  async takeHalves(): Promise<readonly Half[]> {
    const taken = await Promise.all(
      this.#ids.map(async (id) => {
        const from = this.#read.get(id) ?? 0;
        const { logs } = await this.#slices.queue.getJobLogs(id, from, -1);
        this.#read.set(id, from + logs.length);
        return logs.flatMap((log) => Halves.parse(JSON.parse(log)));
      }),
    );
    return taken.flat();
  }

  async close(): Promise<void> {
    const { queue } = this.#slices;
    await this.#slices.forget(this.#run);
    const isActive = async () => {
      const states = await Promise.all(this.#ids.map((id) => queue.getJobState(id)));
      return states.includes("active");
    };
    for (let left = LET_GO_WITHIN_MS; left > 0 && (await isActive()); left -= this.lookEveryMs)
      await wait(this.lookEveryMs);
    await Promise.all(this.#ids.map((id) => queue.remove(id)));
    await this.#monitor.close(true);
    await this.#slices.keep(this.#ids);
    await this.#slices.close();
  }

  async #stateOf(id: string): Promise<SliceState> {
    const { queue } = this.#slices;
    const state = await queue.getJobState(id); // first: what the job says is not older
    const job = (await queue.getJob(id)) as Job | undefined;
    if (!job) return { kind: "lost", reason: "its slice is no longer in the queue" };
    if (job.stalledCounter > 0) return { kind: "lost", reason: "it no longer answers" }; // the next worker that takes it fails it
    if (state === "completed") return { kind: "done", result: SliceResult.parse(job.returnvalue) };
    if (state === "failed") return { kind: "lost", reason: job.failedReason };
    const progress = PartProgress.safeParse(job.progress);
    return state === "active" && progress.success ? { kind: "working", progress: progress.data } : { kind: "waiting" };
  }
}

/**
 * The number of workers that wait at a queue, once as many are there as a while before.
 * @throws WorkersError if Redis can't be reached
 */
export async function countWorkers(address: QueueAddress, signal?: AbortSignal): Promise<number> {
  const slices = await SliceQueue.open(address);
  try {
    let [count, seen] = [0, 0];
    while (seen < SAME_COUNT && !signal?.aborted) {
      const now = await slices.queue.getWorkersCount();
      seen = now > 0 && now === count ? seen + 1 : 0;
      count = now;
      await wait(POLL_MS);
    }
    return count;
  } finally {
    await slices.keep();
    await slices.close();
  }
}
