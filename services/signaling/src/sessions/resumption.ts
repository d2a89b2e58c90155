import type { Cluster } from "@switchyard/core";
import type { DialectName, NodeId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Restored } from "@switchyard/store";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Trail } from "../telemetry/trail.ts";
import type { Waits } from "../telemetry/waits.ts";
import type { Hearing } from "./hearing.ts";
import type { HeldSessions } from "./held-sessions.ts";
import type { LocalSession } from "./local-session.ts";

/** A session that was taken over, with what its client has missed. */
export interface Resumption {
  readonly session: LocalSession;
  readonly restored: Restored;
}

/** What a session needs of its dialect's feed. */
interface SessionFeed {
  /** Whether everything after that entry is still kept. */
  reaches(place: string): Promise<boolean>;
  /** Hands a session what it has not been told yet. */
  catchUp(session: LocalSession): void;
}

/** What the functions that hold sessions work with. */
export interface SessionHostParts {
  readonly node: NodeId;
  readonly sessions: HeldSessions;
  readonly cluster: Cluster;
  readonly hearing: Hearing;
  readonly feedOf: (dialect: DialectName | "") => SessionFeed | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly trail: Trail;
  readonly waits: Waits;
}
