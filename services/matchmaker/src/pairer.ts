import type { Logger } from "@switchyard/runtime";
import {
  type Channels,
  keys,
  type QueueChange,
  type QueuedTicket,
  readQueueChange,
  type Store,
} from "@switchyard/store";
import type { Metrics } from "./metrics.ts";
import { reportPairing } from "./pairing-report.ts";
import { type Pair, WaitingPool } from "./pool/waiting-pool.ts";

/** How many pairings may be on their way to Redis at a time. */
const MAX_COMMITS = 256;
const LEAD_FOR_MS = 600;
const LEAD_EVERY_MS = 200;

export interface PairerParts {
  readonly matchmaker: string;
  readonly queue: string;
  readonly store: Store;
  readonly channels: Channels;
  readonly widenMs: number;
  readonly newRoom: () => string;
  /** Notifies a session that it waits. */
  readonly announceWait: (queued: QueuedTicket) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Pairs one queue: in memory, woken by its changes, each pairing made final by one script. One matchmaker leads a queue, only so that
 * not all try the same pairs: what makes a pairing right is the script. Another takes the lead when the lease runs out.
 */
export class Pairer {
  readonly #parts: PairerParts;
  #pool: WaitingPool | undefined;
  #revision = 0;
  #commits = 0;
  #pairing = false;
  #timer: NodeJS.Timeout | undefined;
  #leading: NodeJS.Timeout | undefined;
  #stopped = false;
  #onMissed: ((change: QueueChange) => void) | undefined;

  constructor(parts: PairerParts) {
    this.#parts = parts;
    for (const outcome of ["paired", "refused", "failed"])
      parts.metrics.commits.inc({ queue: parts.queue, outcome }, 0);
  }

  get queue(): string {
    return this.#parts.queue;
  }

  /** How many wait here; `undefined` while another matchmaker leads. */
  get waiting(): number | undefined {
    return this.#pool?.size;
  }

  async begin(): Promise<void> {
    const { channels, queue } = this.#parts;
    await channels.listen(keys.queueChanges(queue), (text) => this.#onChange(text));
    await this.#tryToLead();
  }

  /** After the connection was lost: nothing that is known is certain. */
  startAgain(): void {
    this.#pool = undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#leading);
    clearTimeout(this.#timer);
    this.#pool = undefined;
    await this.#parts.store.queues.releaseLead(this.#parts.queue, this.#parts.matchmaker);
  }

  async #tryToLead(): Promise<void> {
    const { store, queue, matchmaker, logger } = this.#parts;
    if (this.#stopped) return;
    try {
      const leads = await store.queues.lead(queue, matchmaker, LEAD_FOR_MS);
      if (!leads) this.#pool = undefined;
      else if (!this.#pool && !this.#stopped) await this.#load();
    } catch (error) {
      this.#pool = undefined;
      logger.warn({ err: error, queue }, "the lead could not be taken; it is tried again");
    }
    this.#leading = setTimeout(() => void this.#tryToLead(), LEAD_EVERY_MS);
  }

  /** Reads the whole queue. Changes published meanwhile are newer than the queue as read, or part of it: the revision shows which. */
  async #load(): Promise<void> {
    const { store, queue, widenMs, logger } = this.#parts;
    const missed: QueueChange[] = [];
    this.#onMissed = (change) => missed.push(change);
    const { revision, tickets, shadows } = await store.queues.load(queue).finally(() => {
      this.#onMissed = undefined;
    });
    const pool = new WaitingPool(widenMs);
    pool.applyShadows(shadows);
    for (const queued of tickets) pool.put(queued);
    this.#revision = revision;
    this.#pool = pool;
    for (const change of missed) this.#apply(pool, change);
    logger.info({ queue, waiting: tickets.length }, "leading");
    this.#pair();
  }
  #onChange(text: string): void {
    if (!this.#pool && !this.#onMissed) return;
    const change = readQueueChange(text);
    if (this.#onMissed) this.#onMissed(change);
    else if (this.#pool) this.#apply(this.#pool, change);
    this.#pair();
  }

  #apply(pool: WaitingPool, change: QueueChange): void {
    if (change.revision <= this.#revision) return;
    if (change.revision !== this.#revision + 1) return this.startAgain(); // something was missed
    this.#revision = change.revision;
    if (change.kind === "put") pool.put(change.queued);
    else if (change.kind === "shadows") pool.applyShadows(change);
    else if (change.kind === "drop") for (const session of change.sessions) pool.drop(session);
    else if (!pool.restamp(change.session, change.stamp)) this.startAgain();
  }

  /** Pairs as long as there is somebody to pair; all that came with one read of the socket together. */
  #pair(): void {
    if (this.#pairing) return;
    this.#pairing = true;
    setImmediate(() => {
      this.#pairing = false;
      const { store } = this.#parts;
      const pool = this.#pool;
      if (!pool) return;
      const now = store.clock.now();
      while (this.#commits < MAX_COMMITS) {
        const pair = pool.next(now);
        if (pair) void this.#commit(pool, pair);
        else {
          for (const queued of pool.takeUnannounced(now)) void this.#announce(queued);
          break;
        }
      }
      this.#wakeUp(pool);
    });
  }

  async #commit(pool: WaitingPool, pair: Pair): Promise<void> {
    const { store, queue, newRoom, metrics, logger } = this.#parts;
    const [one, two] = pair;
    this.#commits += 1;
    try {
      const from = performance.now();
      const room = newRoom();
      const final = await store.queues.commit(queue, one, two, room);
      // that they left the queue is published in the order of all changes: by now one of them may wait again
      reportPairing(this.#parts, pair, { room, final, seconds: (performance.now() - from) / 1000 });
      if (!final) await this.#review(pool, pair);
    } catch (error) {
      metrics.commits.inc({ queue, outcome: "failed" });
      logger.warn({ err: error, queue }, "a pairing could not be made final");
      this.startAgain();
    } finally {
      this.#commits -= 1;
      this.#pair();
    }
  }

  /** Each session is notified once, by whichever matchmakers: one that takes the lead announces all again, without effect. */
  async #announce(queued: QueuedTicket): Promise<void> {
    const { announceWait, queue, logger } = this.#parts;
    try {
      await announceWait(queued);
    } catch (error) {
      logger.warn({ err: error, queue }, "a session could not be notified that it waits; the queue is loaded again");
      this.startAgain();
    }
  }

  /** A ticket was gone or had changed, and that is not published yet: the present queue counts. */
  async #review(pool: WaitingPool, pair: Pair): Promise<void> {
    const sessions = pair.map(({ session }) => session);
    const now = await this.#parts.store.queues.find(this.#parts.queue, sessions);
    for (const queued of pair) {
      const found = now.find(({ session }) => session === queued.session);
      pool.review(queued, found);
    }
  }

  #wakeUp(pool: WaitingPool): void {
    clearTimeout(this.#timer);
    const at = pool.nextChange;
    if (at === undefined || this.#commits >= MAX_COMMITS) return;
    this.#timer = setTimeout(() => this.#pair(), Math.max(1, at - this.#parts.store.clock.now()));
  }
}
