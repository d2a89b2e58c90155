import type { ErrorCode, Refusal } from "@switchyard/client-types";

/**
 * Why a command failed: a code of the server's error table, or one of the client's own.
 *
 * - `timeout`: no answer came in time. The command may have been carried out.
 * - `unanswered`: the connection broke before the answer came. The command may have been carried out.
 * - `closed`: the connection was closed, by this side.
 * - `no_token`: the function that gets tokens failed.
 * - `token_expired`: the server refused the token, since its time is over.
 */
export type CommandErrorCode = ErrorCode | "timeout" | "unanswered" | "closed" | "no_token" | "token_expired";

/** A refusal as a server describes it: an acknowledgement's `error`, the event `error`, or a `connect_error`. */
export type RefusalDetails = Partial<Omit<Refusal, "code">> & {
  code: CommandErrorCode;
  /** Of `banned` and `muted`: in the operator's words. */
  reason?: string | undefined;
  /** Of `banned` and `muted`: when it ends (ISO 8601); missing: never. */
  until?: string | undefined;
};

/** A command that failed, or a connection that was refused. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: CommandErrorCode;
  /** Whether the same may succeed later without a change. */
  readonly retryable: boolean;
  /** When to try again, in ms, if the server said so. */
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;
  readonly until: string | undefined;

  constructor({ code, message, retryable = false, retryAfterMs, reason, until }: RefusalDetails) {
    super(message ?? code);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
    this.until = until;
  }
}
