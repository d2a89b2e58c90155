import { Id } from "@switchyard/protocol";
import jwt from "jsonwebtoken";
import { z } from "zod";

/**
 * What a token says of its bearer (RFC 7519). Claims that are not named here are ignored; `nbf` is heeded before.
 * A token without `exp` is good until its key is replaced.
 */
export const Claims = z.object({
  sub: Id.meta({ description: "The user id that the bearer stands for." }),
  username: Id.optional().meta({ description: "What the user is called." }),
  dialect: Id.optional().meta({ description: "The only dialect that the bearer may speak." }),
  room: Id.optional().meta({ description: "The only match, call or meeting that the bearer may be in." }),
  exp: z.number().optional().meta({ description: "Until when it is good, Unix time in seconds." }),
});

export type Claims = z.output<typeof Claims>;

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

/** Signs tokens (JWT, RFC 7519) with HMAC-SHA256. */
export class TokenIssuer {
  readonly #secret: string;
  readonly #lifetimeSeconds: number;

  constructor(secret: string, lifetimeSeconds: number) {
    this.#secret = secret;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  issue(claims: Omit<Claims, "exp">): string {
    return jwt.sign(claims, this.#secret, { algorithm: "HS256", expiresIn: this.#lifetimeSeconds });
  }
}
