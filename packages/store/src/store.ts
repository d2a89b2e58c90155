import type { Redis } from "ioredis";
import { AccountIndex } from "./identity/account-index.ts";
import { Accounts } from "./identity/accounts.ts";
import { Addresses } from "./identity/addresses.ts";
import { Secrets } from "./identity/secrets.ts";
import { Users } from "./identity/users.ts";
import { Moderation } from "./moderation/moderation.ts";
import { Notices } from "./moderation/notices.ts";
import { Removals } from "./moderation/removals.ts";
import { Reports } from "./moderation/reports.ts";
import { Nodes } from "./node/nodes.ts";
import { ConfirmedEvents } from "./outbox/confirmed-events.ts";
import { type OutboxBounds, writeOutboxBounds } from "./outbox/outbox-arguments.ts";
import { Outboxes } from "./outbox/outboxes.ts";
import { FeedRewriting } from "./presence/feed-rewriting.ts";
import { Feeds } from "./presence/feeds.ts";
import { Online } from "./presence/online.ts";
import { Presence } from "./presence/presence.ts";
import { Assignments } from "./queue/assignments.ts";
import { QueueBans } from "./queue/queue-bans.ts";
import { Queues } from "./queue/queues.ts";
import { Clock } from "./redis/clock.ts";
import { Database } from "./redis/database.ts";
import { type CommandObserver, Script } from "./redis/script.ts";
import { Memberships } from "./room/memberships.ts";
import { Rooms } from "./room/rooms.ts";
import { Sessions } from "./session/sessions.ts";

export interface StoreOptions {
  readonly outbox: OutboxBounds;
  /** Bytes of messages that a room keeps. */
  readonly roomHistoryBytes: number;
  readonly observe?: CommandObserver;
}

/** All shared state, one member for each kind of aggregate. */
export interface Store {
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly outboxes: Outboxes;
  readonly confirmedEvents: ConfirmedEvents;
  readonly rooms: Rooms;
  readonly memberships: Memberships;
  readonly queues: Queues;
  readonly queueBans: QueueBans;
  readonly assignments: Assignments;
  readonly users: Users;
  readonly presence: Presence;
  readonly online: Online;
  readonly feeds: Feeds;
  readonly feedRewriting: FeedRewriting;
  readonly nodes: Nodes;
  readonly accounts: Accounts;
  readonly accountIndex: AccountIndex;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
  readonly moderation: Moderation;
  readonly reports: Reports;
  readonly removals: Removals;
  readonly notices: Notices;
}

/** @param redis a connected connection that nothing else blocks or subscribes on */
export async function openStore(redis: Redis, { outbox, roomHistoryBytes, observe }: StoreOptions): Promise<Store> {
  const clock = new Clock();
  await clock.synchronize(redis);
  const db = new Database(redis, clock, observe);
  const keep = writeOutboxBounds(outbox);
  await Script.loadAll(redis);
  redis.on("ready", () => Script.loadAll(redis).catch(() => {})); // lost again: the next "ready" does it
  return {
    clock,
    sessions: new Sessions(db, keep),
    outboxes: new Outboxes(db, keep),
    confirmedEvents: new ConfirmedEvents(db, outbox.events),
    rooms: new Rooms(db, roomHistoryBytes),
    memberships: new Memberships(db),
    queues: new Queues(db),
    queueBans: new QueueBans(db),
    assignments: new Assignments(db),
    users: new Users(db),
    presence: new Presence(db),
    online: new Online(db),
    feeds: new Feeds(db),
    feedRewriting: new FeedRewriting(db),
    nodes: new Nodes(db),
    accounts: new Accounts(db),
    accountIndex: new AccountIndex(db),
    secrets: new Secrets(db),
    addresses: new Addresses(db),
    moderation: new Moderation(db),
    reports: new Reports(db),
    removals: new Removals(db, keep),
    notices: new Notices(db, keep),
  };
}
