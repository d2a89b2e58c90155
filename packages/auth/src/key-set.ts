import { createPublicKey, type KeyObject } from "node:crypto";
import { JwksClient, SigningKeyNotFoundError } from "jwks-rsa";
import { KeysUnavailableError, TokenError } from "./claims.ts";
import type { VerificationKeys } from "./verification-keys.ts";

const ANSWER_WITHIN_MS = 10_000;
/**
 * Time for which a key is used without asking the issuer again: a key that the issuer withdrew is accepted for at most
 * this long.
 */
const KEPT_MS = 10 * 60_000;
/** Additional time for which a key is used while the issuer can't be reached. */
const KEPT_MS_WHILE_AWAY = 60 * 60_000;
const MOST_REQUESTS_PER_MINUTE = 30;
const MOST_KEYS = 16;

/**
 * The issuer's keys from its JWKS endpoint (RFC 7517), RS256 and ES256. The keys are cached; for a token with an
 * unknown key id they are requested again, so a new key is accepted at once.
 */
export function keySet(url: string): VerificationKeys {
  const client = new JwksClient({
    jwksUri: url,
    fetcher: sparingly(fetchKeys),
    cacheMaxAge: KEPT_MS,
    cacheMaxAgeFallback: KEPT_MS_WHILE_AWAY,
    cacheMaxEntries: MOST_KEYS,
  });
  return { algorithms: ["RS256", "ES256"], keysFor: async (id) => [await findKey(client, id)] };
}

type Fetcher = (url: string) => Promise<{ keys: unknown }>;

/** Tokens with invented key ids must not cause a flood of requests to the issuer. */
function sparingly(fetcher: Fetcher): Fetcher {
  let asked = 0;
  let since = Number.NEGATIVE_INFINITY;
  return async (url) => {
    const now = performance.now();
    if (now - since >= 60_000) {
      since = now;
      asked = 0;
    }
    asked += 1;
    if (asked > MOST_REQUESTS_PER_MINUTE) throw new Error("the issuer was asked often enough for this minute");
    return fetcher(url);
  };
}

async function fetchKeys(url: string): Promise<{ keys: unknown }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new Error(`the key set's address answered ${response.status}`);
  return (await response.json()) as { keys: unknown };
}

async function findKey(client: JwksClient, id: string | undefined): Promise<KeyObject> {
  try {
    return createPublicKey((await client.getSigningKey(id)).getPublicKey());
  } catch (error) {
    if (error instanceof SigningKeyNotFoundError) throw new TokenError("unauthorized", "the issuer has no such key");
    throw new KeysUnavailableError("The issuer's keys can't be had now.", { cause: error });
  }
}
