/**
 * Every error that a client can receive, with its default sentence and whether the same request may succeed later
 * without a change. The codes are the `type` of the `error` event and the `code` in an acknowledgement.
 */
export const errorTable = {
  validation: { message: "The event's arguments are not of the expected form.", retryable: false },
  not_joined: { message: "Join first.", retryable: false },
  match_full: { message: "The match already has two participants.", retryable: true },
  room_full: { message: "The room is full.", retryable: true },
  user_offline: { message: "That participant is not here.", retryable: false },
  call_not_found: { message: "There is no such call.", retryable: false },
  room_not_found: { message: "You are not in that room.", retryable: false },
  unauthorized: { message: "You may not do that.", retryable: false },
  banned: { message: "You are banned.", retryable: false },
  muted: { message: "You are muted.", retryable: false },
  replaced: { message: "You are connected from somewhere else now.", retryable: false },
  rate_limited: { message: "Too many events; slow down.", retryable: true },
  payload_too_large: { message: "The event is too large.", retryable: false },
  server_busy: { message: "The server has no room for anything new right now; try again.", retryable: true },
  server_error: { message: "The server can't do that right now; try again.", retryable: true },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** An error as a client receives it: the `error` of an acknowledgement. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** Why somebody is banned or muted, in the operator's words. */
  readonly reason?: string;
  /** When a ban ends (ISO 8601); missing: it is for good. */
  readonly until?: string;
}

/** A request that is refused with one of the table's codes. Nothing has changed when it is thrown. */
export class RequestError extends Error {
  override readonly name = "RefusedError";
  readonly body: ErrorBody;

  constructor(
    code: ErrorCode,
    message: string = errorTable[code].message,
    retryAfterMs?: number,
    details: Pick<ErrorBody, "reason" | "until"> = {},
  ) {
    super(message);
    const { retryable } = errorTable[code];
    this.body = { code, message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...details };
  }
}

/** The error for an unexpected failure: it reveals no stack and nothing of Redis. */
export const unexpectedError: ErrorBody = { code: "server_error", ...errorTable.server_error };
