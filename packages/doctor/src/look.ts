import type { SessionId } from "@switchyard/protocol";
import type { Assignment, SessionRecord, Store } from "@switchyard/store";
import type { Inspection } from "@switchyard/store/inspection";
import type { Timing } from "./check.ts";

/** Where the doctor looks. */
export interface Patient {
  readonly store: Store;
  readonly inspection: Inspection;
  readonly timing: Timing;
}

/** How many sessions are remembered, so that one that many checks ask for is read once. */
const REMEMBERED = 1000;
const ASSIGNMENTS = 10_000;

/** One look at the keyspace: what many checks ask for is read once. A second look is a new one. */
export class Look {
  readonly store: Store;
  readonly inspection: Inspection;
  readonly timing: Timing;
  readonly #sessions = new Map<SessionId, Promise<SessionRecord | undefined>>();
  readonly #assignments = new Map<string, Promise<Assignment[]>>();

  constructor({ store, inspection, timing }: Patient) {
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
