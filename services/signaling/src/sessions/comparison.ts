import type { Restored } from "@switchyard/store";
import { InsistentTask } from "./insistent-task.ts";
import type { LocalSession } from "./local-session.ts";
import type { Resumption, SessionHostParts } from "./resumption.ts";

export interface ComparisonHooks {
  /** It turned out that another node holds it, or nobody does. */
  readonly onLost: (session: LocalSession) => void;
  /** It had been given up for dead, and was taken back: what was begun of that is to be finished. */
  readonly onTakenBack: (resumption: Resumption) => Promise<void>;
}

/** Compares what this node believes of a session with Redis, and again until that works. Meanwhile what comes for it is held back. */
export class Comparison {
  readonly #parts: SessionHostParts;
  readonly #hooks: ComparisonHooks;
  readonly #task: InsistentTask<LocalSession>;
  readonly #toFinish = new WeakMap<LocalSession, Restored>();

  constructor(parts: SessionHostParts, hooks: ComparisonHooks) {
    this.#parts = parts;
    this.#hooks = hooks;
    this.#task = new InsistentTask(
      (session) => this.#compare(session),
      (session) => !session.released,
      ({ participant: { session } }, err) =>
        parts.logger.warn({ err, session }, "a session could not be compared with Redis; it is tried again"),
    );
  }

  make(session: LocalSession): Promise<void> {
    session.holdBack();
    return this.#task.ask(session);
  }

  async #compare(session: LocalSession): Promise<void> {
    const { cluster, node } = this.#parts;
    const { session: id, epoch } = session.participant;
    session.holdBack();
    const restored = await cluster.store.sessions.reconcile(id, epoch, session.lastNumber);
    if (session.released) return;
    if (typeof restored === "string") return this.#hooks.onLost(session);
    session.participant.restore(restored);
    session.fill(restored.missed, restored.record.feed);
    if (restored.epoch !== epoch) this.#toFinish.set(session, restored); // it had been given up for dead
    const unfinished = this.#toFinish.get(session);
    if (!unfinished) return;
    await cluster.store.nodes.hold(node, id);
    await this.#hooks.onTakenBack({ session, restored: unfinished });
    this.#toFinish.delete(session);
  }
}
