export type { ListedAccount } from "./identity/account-index.ts";
export {
  type AccountIntent,
  type AccountState,
  type MessagePolicy,
  messagePolicies,
} from "./identity/account-state.ts";
export type { Account } from "./identity/accounts.ts";
export type { UserClaim } from "./identity/users.ts";
export { JOBS_PREFIX, keys } from "./keys.ts";
export type { AuditEntry } from "./moderation/audit-entry.ts";
export {
  type Ban,
  type BanChange,
  type BanEffect,
  type BanKind,
  banEffects,
  banKinds,
  readBanChange,
} from "./moderation/ban.ts";
export type { NotedNotice, Notice, NoticeState, NoticeStep, NoticeTarget } from "./moderation/notices.ts";
export type { ErasedMessage, NotedMessage, Removal } from "./moderation/removals.ts";
export {
  type NotedReport,
  type Report,
  type ReportContent,
  type ReportFile,
  type Resolution,
  type Verdict,
  verdicts,
} from "./moderation/report.ts";
export type { ReportRules } from "./moderation/reports.ts";
export { type Neighbour, type NodeCensus, type NodeOrder, type Renewal, readNodeOrder } from "./node/nodes.ts";

export type {
  CallLeg,
  FeedSubscription,
  Leased,
  MemberSeating,
  RosterChange,
  Sender,
} from "./outbox/outbox-arguments.ts";
export { type Control, type OutboxMessage, readOutboxMessage } from "./outbox/outbox-message.ts";
export { type FeedEntry, readFeedMessage } from "./presence/feed-entry.ts";
export { entryNumberOf, type FeedRules } from "./presence/feeds.ts";
export type { NamesNow, NamesTurn } from "./presence/online.ts";
export type { Assignment } from "./queue/assignments.ts";
export type { QueueFigures } from "./queue/queues.ts";
export {
  isSameStamp,
  type QueueChange,
  type QueuedTicket,
  readQueueChange,
  type ShadowChange,
  type Stamp,
  type Ticket,
} from "./queue/ticket.ts";

export { Channels, type Listener } from "./redis/channels.ts";
export { type CommandObserver, mastersOf } from "./redis/script.ts";
export { isOutOfMemory, LeaseOverError, type Repeated, type StoreErrorCode } from "./redis/script-errors.ts";

export type { Entered, Entrant, EntryError, RoomRules } from "./room/entry.ts";
export type { MemberContent, Occupant, Roster } from "./room/member-entry.ts";
export type {
  FeedOffset,
  MemberSeat,
  PairSeat,
  RecoveringUser,
  Seat,
  SessionRecord,
  TicketRef,
} from "./session/session-record.ts";
export type { Eviction, MissedEvent, RequestedTicket, Restored } from "./session/session-replies.ts";
export { openStore, type Store, type StoreOptions } from "./store.ts";
export { type Trace, Traces, traceIdOf, untimed } from "./trace.ts";
