import { type Cluster, withMissedState } from "@switchyard/core";
import type { DialectName, NodeId, SessionId } from "@switchyard/protocol";
import type { Restored } from "@switchyard/store";
import type { Held } from "./held.ts";
import type { Hub } from "./hub.ts";
import type { Interleaver } from "./interleaver.ts";
import type { ModelLease } from "./model-lease.ts";

/** What a node is made of, as far as it takes sessions. */
export interface ArrivalsParts {
  readonly id: NodeId;
  readonly cluster: Cluster;
  readonly hub: Hub;
  readonly interleaver: Interleaver;
  readonly lease: ModelLease;
}

/** What a node is made of. */
export interface ModelNodeParts extends ArrivalsParts {
  readonly dialect: DialectName;
  /** Starts something that nobody waits for; it ends with the process. */
  readonly start: (what: string, flow: () => Promise<void>) => void;
  readonly newSession: () => SessionId;
}

/** What the store answers to a resume or a comparison, with the state that events were kept without. */
export async function whole<Failure extends string>(
  { cluster }: ArrivalsParts,
  session: SessionId,
  answer: Restored | Failure,
): Promise<Restored | Failure | "gap"> {
  return typeof answer === "string" ? answer : withMissedState(cluster, session, answer);
}

/** Sessions that are being opened or resumed at a node. */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  readonly #coming: SessionId[] = [];

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  has(session: SessionId): boolean {
    return this.#coming.includes(session);
  }

  /** The node expects the session and listens for it, then it arrives; returns whether it did. */
  async take(session: SessionId, held: Held, arrival: () => Promise<boolean>): Promise<boolean> {
    const { id, cluster, hub, interleaver, lease } = this.#parts;
    held.participant.lease = lease.term;
    this.#coming.push(session);
    try {
      await Promise.all([cluster.store.nodes.expect(id, session), interleaver.pass(hub.listen(session, held))]);
      const arrived = await arrival();
      if (!arrived) hub.leave(session, held);
      return arrived;
    } catch (error) {
      hub.leave(session, held);
      held.connection.page.hangUpIf(held.connection);
      throw error;
    } finally {
      this.#coming.splice(this.#coming.indexOf(session), 1);
    }
  }
}
