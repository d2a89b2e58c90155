import { finalizeDue } from "@switchyard/core";
import type { SessionHostParts } from "./session-host.ts";

/** How often a node looks for sessions whose grace is over. */
const FINALIZE_EVERY_MS = 200;

/**
 * Keeps a node alive in the eyes of the others, and ends its sessions whose grace is over. When the lease had run out (this process
 * stood still, or Redis was away), `onLapse` is called: others may have given its sessions up.
 */
export class Lease {
  readonly #parts: SessionHostParts;
  readonly #lengthMs: number;
  readonly #onLapse: () => void;
  readonly #onEnded: (count: number) => void;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    parts: SessionHostParts,
    lengthMs: number,
    hooks: { onLapse: () => void; onEnded: (count: number) => void },
  ) {
    this.#parts = parts;
    this.#lengthMs = lengthMs;
    this.#onLapse = hooks.onLapse;
    this.#onEnded = hooks.onEnded;
  }

  /** Takes the lease. */
  async begin(info: Readonly<Record<string, string>>): Promise<void> {
    const { node, cluster } = this.#parts;
    await cluster.store.nodes.describe(node, info);
    await cluster.store.nodes.renew(node, this.#lengthMs);
    this.#timers.push(
      every(this.#lengthMs / 3, () => this.#renew()),
      every(FINALIZE_EVERY_MS, () => this.#finalize()),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #renew(): Promise<void> {
    const { node, cluster, logger } = this.#parts;
    try {
      if (await cluster.store.nodes.renew(node, this.#lengthMs)) return;
      logger.warn("the lease had run out; comparing all sessions with Redis");
      this.#onLapse();
    } catch (error) {
      logger.warn({ err: error }, "the lease could not be renewed");
    }
  }

  async #finalize(): Promise<void> {
    const { node, cluster, logger } = this.#parts;
    try {
      const ended = await finalizeDue(cluster, node);
      if (ended > 0) this.#onEnded(ended);
    } catch (error) {
      logger.warn({ err: error }, "sessions whose grace is over could not be ended; it is tried again");
    }
  }
}

/** Runs a task again and again, never twice at a time. */
function every(intervalMs: number, task: () => Promise<void>): NodeJS.Timeout {
  let running = false;
  return setInterval(() => {
    if (running) return;
    running = true;
    void task().finally(() => {
      running = false;
    });
  }, intervalMs);
}
