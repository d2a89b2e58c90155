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
  /** How long the chatroom keeps a message. */
  readonly retentionMs: number;
  /** Most users in a list of those online. */
  readonly peopleListed: number;
}

/** The settings from which the limits come. */
export const limitSettings = [
  "MAX_CALL_PARTICIPANTS",
  "MAX_ROOM_PARTICIPANTS",
  "ROOM_LINGER_MS",
  "CHAT_HISTORY_LIMIT",
  "CHAT_MESSAGES_KEPT",
  "CHAT_RETENTION_DAYS",
  "PEOPLE_LISTED",
] as const;

const DAY_MS = 86_400_000;

export function dialectLimitsOf(config: Readonly<Record<(typeof limitSettings)[number], number>>): DialectLimits {
  return {
    callParticipants: config.MAX_CALL_PARTICIPANTS,
    roomParticipants: config.MAX_ROOM_PARTICIPANTS,
    roomLingerMs: config.ROOM_LINGER_MS,
    historyLimit: config.CHAT_HISTORY_LIMIT,
    messagesKept: config.CHAT_MESSAGES_KEPT,
    retentionMs: config.CHAT_RETENTION_DAYS * DAY_MS,
    peopleListed: config.PEOPLE_LISTED,
  };
}
