import type { SessionId } from "@switchyard/protocol";
import type { Assignment, SessionRecord, Store } from "@switchyard/store";
import type { Inspection, LeaseEntry } from "@switchyard/store/inspection";

/** The cluster's configured times, in ms. */
export interface Timing {
  /** How long a node counts as alive after its last sign of life. */
  readonly leaseMs: number;
  /** How often matchmakers sweep. */
  readonly sweepMs: number;
}

/** Where the doctor looks. */
export interface ExaminedCluster {
  readonly store: Store;
  readonly inspection: Inspection;
  readonly timing: Timing;
}

/** How many sessions are remembered, so that one that many checks ask for is read once. */
const REMEMBERED = 1000;
const ASSIGNMENTS = 10_000;

/** One look at the keyspace: what many checks ask for is read once. A second look is a new one. */
export class Snapshot {
  readonly store: Store;
  readonly inspection: Inspection;
  readonly timing: Timing;
  readonly #sessions = new Map<SessionId, Promise<SessionRecord | undefined>>();
  readonly #assignments = new Map<string, Promise<Assignment[]>>();
  #leases: Promise<LeaseEntry[]> | undefined;

  constructor({ store, inspection, timing }: ExaminedCluster) {
    this.store = store;
    this.inspection = inspection;
    this.timing = timing;
  }

  /** Unix time in ms, by Redis's clock. */
  get now(): number {
    return this.store.clock.now();
  }

  session(id: SessionId): Promise<SessionRecord | undefined> {
    return remembered(this.#sessions, id, () => this.store.sessions.read(id));
  }

  /**
   * Whether a session has a connection. One whose node is dead has none, and neither has what it was about to do: that is done when it
   * goes on elsewhere, or when it ends.
   */
  async isConnected({ state, node }: SessionRecord): Promise<boolean> {
    if (state !== "live") return false;
    this.#leases ??= this.inspection.nodes.leases();
    return (await this.#leases).some((lease) => lease.node === node && lease.until > this.now);
  }

  /** Whether a newer session stands for its user, and it is still to be evicted; which is a matter of the user. */
  async isReplaced(session: SessionId, { dialect, claimed }: SessionRecord): Promise<boolean> {
    if (dialect === "") return false;
    const users = claimed.map((user) => this.inspection.sessions.user(dialect, user));
    return (await Promise.all(users)).some((facts) => facts?.evicting.includes(session));
  }

  /** Pairings that are final and not carried out. */
  assignments(queue: string): Promise<Assignment[]> {
    return remembered(this.#assignments, queue, () => this.store.assignments.list(queue, ASSIGNMENTS));
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, read: () => Value): Value {
  const value = known.get(key) ?? read();
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}
