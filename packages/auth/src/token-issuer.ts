import jwt from "jsonwebtoken";
import type { Claims } from "./claims.ts";

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
