import { clusterWithTrace, endDueSessions, reconcileIndex } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import type { SessionHostParts } from "../sessions/session-host-parts.ts";

/** How often a node looks for sessions whose grace is over. */
const FINALIZE_EVERY_MS = 200;
/** How soon a renewal that failed is tried again: nothing can be done for a session after the end of the lease. */
const RETRY_MS = 200;

export type LeaseParts = Pick<SessionHostParts, "node" | "cluster" | "leaseTerms" | "logger" | "tracing">;

export interface LeaseHooks {
  /** The lease had run out: others may have given the node's sessions up. */
  readonly onLapse: () => void;
  /** It was renewed in time. */
  readonly onKept: () => void;
  /** It was renewed, in time or not. */
  readonly onRenewed: () => Promise<void>;
  /** So many sessions were ended. */
  readonly onEnded: (count: number) => void;
  /** Whether the node holds a session, or is about to. */
  readonly isHeld: (session: SessionId) => boolean;
  /** Takes back a session that was given up although the node holds it; whether it does. */
  readonly reclaim: (session: SessionId) => boolean;
}

/**
 * Keeps a node alive in the eyes of the others, and ends its sessions whose grace is over, those included that are nobody's because
 * Redis was away when their connection went.
 */
export class Lease {
  readonly #parts: LeaseParts;
  readonly #lengthMs: number;
  readonly #hooks: LeaseHooks;
  readonly #timers: NodeJS.Timeout[] = [];
  #info: Readonly<Record<string, string>> | undefined;
  #renewal: Promise<boolean> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: LeaseParts, lengthMs: number, hooks: LeaseHooks) {
    this.#parts = parts;
    this.#lengthMs = lengthMs;
    this.#hooks = hooks;
  }

  /** Takes the lease: before the first connection, since a node that holds a session and has no lease counts as dead. */
  async take(): Promise<void> {
    const { node, cluster, leaseTerms } = this.#parts;
    leaseTerms.renewed(await cluster.store.nodes.renew(node, this.#lengthMs));
  }

  /** Registers the node, and keeps the lease from now on. */
  async begin(info: Readonly<Record<string, string>>): Promise<void> {
    const { node, cluster } = this.#parts;
    this.#info = info;
    await cluster.store.nodes.describe(node, info);
    this.#timers.push(
      every(this.#lengthMs / 3, () => this.renew()),
      every(FINALIZE_EVERY_MS, () => this.#endDueSessions()),
      every(this.#lengthMs, () => this.#reconcileIndex()),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#retry);
    this.#isStopped = true;
  }

  /**
   * Also to be called as soon as Redis is back: until then nothing can be done for a session if it was away for longer than the lease.
   * @returns whether the lease had run out
   */
  renew(): Promise<boolean> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<boolean> {
    const { node, cluster, leaseTerms, logger } = this.#parts;
    try {
      const renewal = await cluster.store.nodes.renew(node, this.#lengthMs);
      leaseTerms.renewed(renewal);
      clearTimeout(this.#retry);
      this.#retry = undefined;
      if (renewal.inTime) this.#hooks.onKept();
      else {
        logger.warn("the lease had run out; comparing all sessions with Redis");
        this.#hooks.onLapse();
      }
      // each time: it may be being forgotten in the moment of a late renewal
      if (this.#info) await cluster.store.nodes.describe(node, this.#info);
      await this.#hooks.onRenewed();
      return !renewal.inTime;
    } catch (error) {
      if (!this.#retry) logger.warn({ err: error }, "the lease could not be renewed; it is tried again");
      clearTimeout(this.#retry);
      if (!this.#isStopped) this.#retry = setTimeout(() => void this.renew(), RETRY_MS);
      return false;
    }
  }

  async #endDueSessions(): Promise<void> {
    const { node, cluster, logger, tracing } = this.#parts;
    const trace = tracing.background();
    try {
      const ended = await endDueSessions(clusterWithTrace(trace, cluster), node, this.#hooks.reclaim);
      if (ended === 0) return;
      logger.debug({ trace: trace.id, ended }, "sessions ended whose grace was over");
      this.#hooks.onEnded(ended);
    } catch (error) {
      logger.warn({ err: error }, "sessions whose grace is over could not be ended; it is tried again");
    }
  }

  /** A session may be nobody's now if Redis did not answer when it was opened, taken over or let go. */
  async #reconcileIndex(): Promise<void> {
    const { node, cluster, logger, tracing } = this.#parts;
    try {
      await reconcileIndex(clusterWithTrace(tracing.background(), cluster), node, this.#hooks.isHeld);
    } catch (error) {
      logger.warn({ err: error }, "sessions could not be compared with the node's index; it is tried again");
    }
  }
}

/** Runs a task again and again, never twice at a time. */
export function every(intervalMs: number, task: () => Promise<unknown>): NodeJS.Timeout {
  let running = false;
  return setInterval(() => {
    if (running) return;
    running = true;
    void task().finally(() => {
      running = false;
    });
  }, intervalMs);
}
