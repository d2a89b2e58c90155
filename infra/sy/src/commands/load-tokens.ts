import { TokenIssuer } from "@switchyard/auth";
import type { TokenMaker } from "@switchyard/load";
import { readConfig } from "@switchyard/runtime";
import type { Environment } from "../config.ts";
import { UsageError } from "../exit-code.ts";

/** Longer than any run. */
const TOKEN_SECONDS = 7 * 24 * 3600;

/**
 * The address of this module, which processes of workers import: each reads the secret from its own environment, and it
 * is never handed out with the work.
 */
export const moduleOfTokens = import.meta.url;

/**
 * Makes tokens for users of a load test, signed with the secret of the nodes.
 * @throws UsageError without a secret
 */
export function tokenMaker(environment: Environment = process.env): TokenMaker {
  const { JWT_SECRET } = readConfig(["JWT_SECRET"], environment);
  if (JWT_SECRET === undefined) {
    throw new UsageError("the scenario's users need tokens: JWT_SECRET is missing, which is to be that of the nodes");
  }
  const issuer = new TokenIssuer(JWT_SECRET, TOKEN_SECONDS);
  return (user) => issuer.issue({ sub: user, username: user });
}
