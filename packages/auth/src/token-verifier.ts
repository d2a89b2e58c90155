import type { KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";
import { Claims, TokenError } from "./claims.ts";

import type { VerificationKeys } from "./verification-keys.ts";

/** Longer texts are no tokens of ours. */
const MAX_TOKEN_LENGTH = 8192;

/** Checks tokens (JWT, RFC 7519). */
export class TokenVerifier {
  readonly #keys: VerificationKeys;

  constructor(keys: VerificationKeys) {
    this.#keys = keys;
  }

  /**
   * The claims of a token, if it is genuine and valid.
   * @param token as a client sent it, so it may be anything
   * @throws TokenError `token_expired` if all else is right with it, else `unauthorized`
   * @throws KeysUnavailableError
   */
  async verify(token: unknown): Promise<Claims> {
    if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) throw new TokenError("unauthorized", "no token");
    const { algorithms } = this.#keys;
    const header = headerOf(token);
    // before a key is looked up: a token must not cause a request for keys that can't check it
    if (!algorithms.includes(header.alg)) throw new TokenError("unauthorized", "the algorithm is not the issuer's");
    const keys = await this.#keys.keysFor(header.kid);
    return readClaims(verifyWithOneOf(keys, (key) => jwt.verify(token, key, { algorithms: [...algorithms] })));
  }
}

/**
 * Tries each key until one fits. Only the key that signed the token can show that it has expired; then no other key is
 * tried.
 */
function verifyWithOneOf(keys: readonly KeyObject[], verify: (key: KeyObject) => unknown): unknown {
  let refusal = new TokenError("unauthorized", "there is no key to check it with");
  for (const key of keys) {
    try {
      return believe(() => verify(key));
    } catch (error) {
      if (!(error instanceof TokenError) || error.code === "token_expired") throw error;
      refusal = error;
    }
  }
  throw refusal;
}

function headerOf(token: string): jwt.JwtHeader & { readonly alg: jwt.Algorithm } {
  const decoded = believe(() => jwt.decode(token, { complete: true }));
  const { alg, kid } = decoded?.header ?? {};
  if (typeof alg !== "string" || (kid !== undefined && typeof kid !== "string")) {
    throw new TokenError("unauthorized", "it has no readable header");
  }
  return { alg: alg as jwt.Algorithm, ...(kid === undefined ? {} : { kid }) };
}

/**
 * Translates the library's errors. The library checks the signature first, so only a genuine token is refused as
 * expired.
 */
function believe<Answer>(look: () => Answer): Answer {
  try {
    return look();
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new TokenError("token_expired", "its time is over");
    throw new TokenError("unauthorized", error instanceof Error ? error.message : "it can't be read");
  }
}

function readClaims(payload: unknown): Claims {
  const parsed = Claims.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new TokenError("unauthorized", `unusable claims: ${parsed.error.issues.map(({ path }) => path[0]).join(", ")}`);
}
