/** Why a token was not accepted: it can't be believed, or it was good until its time was over. */
export type TokenErrorCode = "unauthorized" | "token_expired";

/** Thrown for a token that does not prove anything. The message is for logs and holds nothing of the token. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Thrown when the keys to check a token with can't be had now; the token may be good. */
export class KeysUnavailableError extends Error {
  override readonly name = "KeysUnavailableError";
}
