// Generated from packages/protocol/src/errors.ts by `pnpm run docs`; don't edit it here.

/** The `type` of the event `error`, and the `code` in an acknowledgement. */
export type ErrorCode =
  /** The event's arguments are not of the expected form. */
  | "validation"
  /** Join first. */
  | "not_joined"
  /** The match already has two participants. May succeed later. */
  | "match_full"
  /** The room is full. May succeed later. */
  | "room_full"
  /** That participant is not here. */
  | "user_offline"
  /** There is no such call. */
  | "call_not_found"
  /** You are not in that room. */
  | "room_not_found"
  /** You may not do that. */
  | "unauthorized"
  /** You are banned. */
  | "banned"
  /** You are muted. */
  | "muted"
  /** You are connected from somewhere else now. */
  | "replaced"
  /** Too many events; slow down. May succeed later. */
  | "rate_limited"
  /** The event is too large. */
  | "payload_too_large"
  /** The server has no room for anything new right now; try again. May succeed later. */
  | "server_busy"
  /** The server can't do that right now; try again. May succeed later. */
  | "server_error";
