import type { Cluster } from "@switchyard/core";
import type { DialectName, NodeId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Restored } from "@switchyard/store";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { HeldSessions } from "./held-sessions.ts";
import type { LeaseTerms } from "./lease-terms.ts";
import type { LocalSession } from "./local-session.ts";
import type { OutboxSubscriptions } from "./outbox-subscriptions.ts";

/** The choices of a client that a session is opened for. */
export interface OpeningChoices {
  readonly echoes: boolean;
  readonly recoversByUser: boolean;
  readonly lastNumber: number;
}

/** A session that was taken over, with what its client has missed. */
export interface Resumption {
  readonly session: LocalSession;
  readonly restored: Restored;
}

/** A dialect's feed, as far as a session needs it. */
interface SessionFeed {
  /** Whether everything after that entry is still kept. */
  covers(offset: string): Promise<boolean>;
  /** Hands a session the entries that it has not received yet. */
  catchUp(session: LocalSession): void;
}

/** The parts that the functions that hold sessions work with. */
export interface SessionHostParts {
  readonly node: NodeId;
  readonly sessions: HeldSessions;
  readonly leaseTerms: LeaseTerms;
  readonly renewLease: () => Promise<unknown>;
  readonly cluster: Cluster;
  /** How long a session waits for a page that was left: at most as long as for any other. */
  readonly pageLeftGraceMs: number;
  readonly subscriptions: OutboxSubscriptions;
  readonly feedOf: (dialect: DialectName | "") => SessionFeed | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: EventTracing;
}
