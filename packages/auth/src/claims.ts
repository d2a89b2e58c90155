import { Cohort, Id } from "@switchyard/protocol";
import jwt from "jsonwebtoken";
import { z } from "zod";

/**
 * The claims of a token about its bearer (RFC 7519). Other claims are ignored, except `nbf`, which is checked before. A
 * token without `exp` is valid until its key is replaced.
 */
export const Claims = z.object({
  sub: Id.meta({ description: "The user id that the bearer stands for." }),
  username: Id.optional().meta({
    description: "The user's display name, the only one that the bearer shows to others.",
  }),
  dialect: Id.optional().meta({ description: "The only dialect that the bearer may speak." }),
  room: Id.optional().meta({ description: "The only match, call or meeting that the bearer may be in." }),
  cohort: Cohort.optional().meta({
    description: "The only cohort in which the bearer is paired; none: with those who have none.",
  }),
  account: z.string().max(64).optional().meta({
    description: "The id that valid tokens of the bearer's account carry, for a token of an account of this cluster.",
  }),
  exp: z.number().optional().meta({ description: "The time at which it expires, Unix time in seconds." }),
});

export type Claims = z.output<typeof Claims>;

/** The reason why a token was not accepted: it proves nothing, or it has expired. */
export type TokenErrorCode = "unauthorized" | "token_expired";

/** Thrown for a token that proves nothing. The message is for logs and holds nothing of the token. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Thrown if the keys for checking a token are unavailable now; the token may be valid. */
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
