import type { SessionId } from "@switchyard/protocol";
import type { LocalSession } from "./local-session.ts";

/** Which sessions this node holds, and which are about to be held. */
export class HeldSessions {
  readonly #held = new Map<SessionId, LocalSession>();
  readonly #opening = new Set<LocalSession>();

  get size(): number {
    return this.#held.size;
  }

  get all(): readonly LocalSession[] {
    return [...this.#held.values()];
  }

  find(id: SessionId): LocalSession | undefined {
    return this.#held.get(id);
  }

  /** Whether this node holds a session, or is about to. */
  holds(id: SessionId): boolean {
    const isIt = ({ participant }: LocalSession) => participant.session === id;
    return this.#held.has(id) || [...this.#opening].some(isIt);
  }

  /** While it arrives it counts as held. */
  async whileOpening<Arrived>(session: LocalSession, open: () => Promise<Arrived>): Promise<Arrived> {
    this.#opening.add(session);
    try {
      return await open();
    } finally {
      this.#opening.delete(session);
    }
  }

  /** It is held from now on, in the place of an older connection's that had the same id. */
  add(session: LocalSession): void {
    this.#held.set(session.participant.session, session);
  }

  /** It is no longer held; another connection's that has the same id by now still is. */
  remove(session: LocalSession): void {
    const { session: id } = session.participant;
    if (this.#held.get(id) === session) this.#held.delete(id);
  }
}
