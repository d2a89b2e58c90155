import type { DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { Wire } from "./wire.ts";

/** What the use cases of one dialect work with. */
export interface Context {
  readonly dialect: DialectName;
  /** The queues that its participants can wait in. */
  readonly queues: readonly string[];
  readonly store: Store;
  readonly wire: Wire;
}

/** All dialects of a process, for what is done to sessions whatever they speak. */
export interface Cluster {
  readonly store: Store;
  readonly contexts: ReadonlyMap<DialectName, Context>;
  /** How long a participant without a connection keeps its place. */
  readonly graceMs: number;
}
