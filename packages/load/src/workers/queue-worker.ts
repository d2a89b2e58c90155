import { Worker } from "bullmq";
import { prettifyError } from "zod";
import { type Phase, phases } from "./part.ts";
import { LOCK_MS, PREFIX, type QueueAddress, SliceQueue } from "./queue.ts";
import { Slice, type SliceResult } from "./slice.ts";
import { type Post, type TokenSource, workOn } from "./work.ts";

const KEEP_EVERY_MS = 60_000;
const CHECKS_IN_A_LOCK = 5;

interface TakeWorkOptions {
  /** Receives what it does, as lines. */
  readonly say: (line: string) => void;
  /** Ends it; a slice that is under way is given up. */
  readonly signal?: AbortSignal;
  readonly tokens?: TokenSource | undefined;
}

/**
 * Carries out slices of the queue, one at a time, until it is ended.
 * @throws WorkersError if Redis can't be reached
 */
export async function takeWork(address: QueueAddress, { say, signal, tokens }: TakeWorkOptions): Promise<void> {
  const slices = await SliceQueue.open(address);
  const lockMs = address.lockMs ?? LOCK_MS;
  const worker = new Worker<unknown, SliceResult>(
    address.name,
    async (job) => {
      const read = Slice.safeParse(job.data);
      if (!read.success) throw new Error(prettifyError(read.error));
      const slice = read.data;
      const writes: Promise<unknown>[] = [];
      const write = (done: Promise<unknown>) => void writes.push(done.catch(() => {}));
      say(`run ${slice.run}: part ${slice.number} of ${slice.of}`);
      const post: Post = {
        phase: async () => (signal?.aborted ? undefined : phaseOf(await slices.phase(slice.run))),
        report: (progress) => write(job.updateProgress(progress)),
        deliver: (halves) => write(job.log(JSON.stringify(halves))),
      };
      const result = await workOn(slice, post, tokens);
      await Promise.all(writes);
      await slices.keep([job.id ?? ""]);
      return result;
    },
    {
      connection: slices.redis,
      prefix: PREFIX,
      lockDuration: lockMs,
      stalledInterval: lockMs / CHECKS_IN_A_LOCK,
      maxStalledCount: 0,
    },
  );
  worker.on("error", ({ message }) => say(`the queue is disturbed: ${message}`));
  worker.on("completed", () => say("the part is over"));
  worker.on("failed", (_job, { message }) => say(`the part is given up: ${message}`));
  const keeping = setInterval(() => void slices.keep().catch(() => {}), KEEP_EVERY_MS);
  try {
    await worker.waitUntilReady();
    say(`waits for work at the queue ${address.name}`);
    await slices.keep();
    await ended(signal);
    await worker.close();
  } finally {
    clearInterval(keeping);
    await slices.keep().catch(() => {});
    await slices.close();
  }
}

function ended(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}

function phaseOf(text: string | null): Phase | undefined {
  return phases.find((phase) => phase === text);
}
