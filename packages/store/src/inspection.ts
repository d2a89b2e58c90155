import type { Redis } from "ioredis";
import { Keyspace } from "./inspection/keyspace.ts";
import { NodeInspection } from "./inspection/node-inspection.ts";
import { PresenceInspection } from "./inspection/presence-inspection.ts";
import { QueueInspection } from "./inspection/queue-inspection.ts";
import { RoomInspection } from "./inspection/room-inspection.ts";
import { SessionInspection } from "./inspection/session-inspection.ts";
import { mastersOf } from "./redis/script.ts";

export { type FoundKey, gentle, type KeyCost, type Keyspace, type ScanPace } from "./inspection/keyspace.ts";
export { expiringKinds, type KeyKind, type KnownKey, readKeyName } from "./inspection/known-key.ts";
export type { IndexEntry, LeaseEntry } from "./inspection/node-inspection.ts";
export type { FeedEnd } from "./inspection/presence-inspection.ts";
export type { QueueEntry } from "./inspection/queue-inspection.ts";
export type { RoomFacts, RoomUser } from "./inspection/room-inspection.ts";
export type { KeptEvent, OutboxFacts, UserFacts } from "./inspection/session-inspection.ts";

/** Reads for operators and the doctor, beside those of the store itself. Nothing here changes state. */
export interface Inspection {
  readonly keyspace: Keyspace;
  readonly sessions: SessionInspection;
  readonly rooms: RoomInspection;
  readonly queues: QueueInspection;
  readonly presence: PresenceInspection;
  readonly nodes: NodeInspection;
}

/**
 * @param redis where the keys are; of a cluster the client that knows them all
 * @param masters the servers that have keys
 */
export function openInspection(redis: Redis, masters: () => readonly Redis[] = () => mastersOf(redis)): Inspection {
  return {
    keyspace: new Keyspace(redis, masters),
    sessions: new SessionInspection(redis),
    rooms: new RoomInspection(redis),
    queues: new QueueInspection(redis),
    presence: new PresenceInspection(redis),
    nodes: new NodeInspection(redis),
  };
}
