/** An HTTP request that is over a limit: status 429, `{ error, code: "rate_limited", retryAfterMs }` (RFC 6585). */
export class TooManyRequestsError extends Error {
  override readonly name = "TooManyRequestsError";
  /** The limit, as `limits_hit_total` names it. */
  readonly limit: string;
  readonly retryAfterMs: number;

  constructor(limit: string, retryAfterMs: number) {
    super("Too many requests; slow down.");
    this.limit = limit;
    this.retryAfterMs = Math.ceil(retryAfterMs);
  }
}
