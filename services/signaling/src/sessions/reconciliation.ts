import { withMissedState } from "@switchyard/core";
import type { Restored, SessionRecord } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";
import { RetryingTask } from "./retrying-task.ts";
import type { Resumption, SessionHostParts } from "./session-host-parts.ts";

export interface ReconciliationHooks {
  /** It turned out that another node holds it, or nobody does. */
  readonly onLost: (session: LocalSession) => void;
  /** Something was begun, and not finished: it had been given up for dead, or Redis was away in the middle of an event. */
  readonly onHalfDone: (resumption: Resumption) => Promise<void>;
}

/** Compares the cached state of a session with Redis, and again until that works. Meanwhile what comes for it is held back. */
export class Reconciliation {
  readonly #parts: SessionHostParts;
  readonly #hooks: ReconciliationHooks;
  readonly #task: RetryingTask<LocalSession>;
  readonly #toFinish = new WeakMap<LocalSession, Restored>();

  constructor(parts: SessionHostParts, hooks: ReconciliationHooks) {
    this.#parts = parts;
    this.#hooks = hooks;
    this.#task = new RetryingTask(
      (session) => this.#reconcile(session),
      (session) => !session.released,
      ({ participant: { session } }, err) =>
        parts.logger.warn({ err, session }, "a session could not be compared with Redis; it is tried again"),
    );
  }

  run(session: LocalSession): Promise<void> {
    session.holdBack();
    return this.#task.request(session);
  }

  async #reconcile(session: LocalSession): Promise<void> {
    const { cluster, node, leaseTerms } = this.#parts;
    const { session: id, epoch } = session.participant;
    session.holdBack();
    const term = leaseTerms.current; // before the comparison: the lease may lapse meanwhile
    const compared = await cluster.store.sessions.reconcile(id, epoch, session.lastNumber);
    if (typeof compared === "string") return session.released ? undefined : this.#hooks.onLost(session);
    session.participant.restore(compared);
    if (compared.epoch !== epoch) this.#toFinish.set(session, compared); // it had been given up for dead
    const unfinished = this.#toFinish.get(session);
    // before all else: a sweep may have taken it out of this node's index before it was opened; and if it was let go meanwhile, that was
    // in the epoch before, and the node finds by this note that nobody holds it
    if (unfinished || session.participant.lease !== term) await cluster.store.nodes.hold(node, id);
    session.participant.lease = term;
    const restored = await withMissedState(cluster, id, compared);
    if (session.released) return;
    if (restored === "gap") return this.#hooks.onLost(session);
    session.fill(restored.missed, restored.record.feed);
    if (unfinished) {
      await this.#hooks.onHalfDone({ session, restored: unfinished });
      this.#toFinish.delete(session);
    } else if (isHalfDone(compared.record)) session.eventQueue.runExclusive(() => this.#finish(session));
  }

  /**
   * Finishes what an event began before Redis was away: its client was refused with an error, and may not repeat it. In its turn, so that no
   * event of the session is in progress, and whatever is half done was left so.
   */
  async #finish(session: LocalSession): Promise<void> {
    const { cluster, logger } = this.#parts;
    const { session: id, epoch } = session.participant;
    try {
      const record = await cluster.store.sessions.read(id);
      if (session.released || record?.epoch !== epoch || !isHalfDone(record)) return;
      await this.#hooks.onHalfDone({ session, restored: { epoch, record, missed: [], deadline: undefined } });
    } catch (err) {
      logger.warn(
        { err, session: id },
        "what was half done for a session could not be finished; it is tried again with Redis",
      );
    }
  }
}

/** Whether an event is in progress for the session, or was given up before its last step. */
function isHalfDone({ departing, pendingEntries, unannounced, ticket, isWaitAnnounced }: SessionRecord): boolean {
  const isUnqueued = ticket !== undefined && !isWaitAnnounced;
  return isUnqueued || departing.length > 0 || pendingEntries.length > 0 || unannounced.size > 0;
}
