import type { StoreOptions } from "@switchyard/store";

/** The limits that an operator sets. Times in ms. */
export interface DialectLimits {
  /** Most people in one group call. */
  readonly callParticipants: number;
  /** Most people in one meeting. */
  readonly roomParticipants: number;
  /** How long a meeting that everyone has left stays. */
  readonly roomLingerMs: number;
  /** How many messages who comes in is given. */
  readonly historyLimit: number;
  /** How many messages a meeting or the chatroom keeps. */
  readonly messagesKept: number;
  /** Bytes of messages that the chatroom keeps. */
  readonly chatHistoryBytes: number;
  /** How long the chatroom keeps a message. */
  readonly retentionMs: number;
  /** Most users in a list of those online. */
  readonly peopleListed: number;
  /** Most reports of one user a day. */
  readonly reportsPerDay: number;
  /** How long the partner of a pair that has ended can be reported. */
  readonly reportAfterMs: number;
  /** How many reports are kept in all. */
  readonly reportsKept: number;
  /** How long a report is kept. */
  readonly reportRetentionMs: number;
}

/** The settings from which the limits come, and the bounds of what the store keeps. */
export const limitSettings = [
  "OUTBOX_EVENTS",
  "OUTBOX_BYTES",
  "ROOM_HISTORY_BYTES",
  "CHAT_HISTORY_BYTES",
  "MAX_CALL_PARTICIPANTS",
  "MAX_ROOM_PARTICIPANTS",
  "ROOM_LINGER_MS",
  "CHAT_HISTORY_LIMIT",
  "CHAT_MESSAGES_KEPT",
  "CHAT_RETENTION_DAYS",
  "PEOPLE_LISTED",
  "REPORTS_PER_DAY",
  "REPORT_AFTER_MS",
  "REPORTS_KEPT",
  "REPORT_RETENTION_DAYS",
] as const;

const DAY_MS = 86_400_000;

type LimitConfig = Readonly<Record<(typeof limitSettings)[number], number>>;

/** The bounds of what the store keeps of events and messages. */
export function storeBoundsOf(config: LimitConfig): Pick<StoreOptions, "outbox" | "roomHistoryBytes"> {
  const outbox = { events: config.OUTBOX_EVENTS, bytes: config.OUTBOX_BYTES };
  return { outbox, roomHistoryBytes: config.ROOM_HISTORY_BYTES };
}

export function dialectLimitsOf(config: LimitConfig): DialectLimits {
  return {
    callParticipants: config.MAX_CALL_PARTICIPANTS,
    roomParticipants: config.MAX_ROOM_PARTICIPANTS,
    roomLingerMs: config.ROOM_LINGER_MS,
    historyLimit: config.CHAT_HISTORY_LIMIT,
    messagesKept: config.CHAT_MESSAGES_KEPT,
    chatHistoryBytes: config.CHAT_HISTORY_BYTES,
    retentionMs: config.CHAT_RETENTION_DAYS * DAY_MS,
    peopleListed: config.PEOPLE_LISTED,
    reportsPerDay: config.REPORTS_PER_DAY,
    reportAfterMs: config.REPORT_AFTER_MS,
    reportsKept: config.REPORTS_KEPT,
    reportRetentionMs: config.REPORT_RETENTION_DAYS * DAY_MS,
  };
}
