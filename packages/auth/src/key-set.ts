import { createPublicKey, type KeyObject } from "node:crypto";
import { JwksClient } from "jwks-rsa";
import { KeysUnavailableError, TokenError } from "./claims.ts";
import type { VerificationKeys } from "./verification-keys.ts";

const ANSWER_WITHIN_MS = 10_000;
/**
 * Time for which the keys are used without asking the issuer again: a key that the issuer withdrew is accepted for at
 * most this long.
 */
const KEPT_MS = 10 * 60_000;
/** Additional time for which they are used while the issuer can't be reached. */
const KEPT_MS_WHILE_AWAY = 60 * 60_000;
/** Pause between two requests for key ids that the set does not have: such ids can be invented. */
const UNKNOWN_ID_PAUSE_MS = 30_000;
/** Pause after a request for an old set that failed. */
const FAILURE_PAUSE_MS = 1000;
/** Most ids that are remembered as missing. */
const MOST_MISSING = 100;

type KeyId = string | undefined;

/**
 * The issuer's keys from its JWKS endpoint (RFC 7517), RS256 and ES256.
 * @param now a clock, in ms
 */
export function keySet(url: string, now: () => number = () => performance.now()): VerificationKeys {
  const set = new KeySet(url, now);
  return { algorithms: ["RS256", "ES256"], keysFor: (id) => set.keysFor(id) };
}

/**
 * The key set as it was fetched last, whole: no token can displace a key of it. It is fetched again when it is old, and
 * for an unknown key id, so that a new key is accepted. Each of the two has a pause of its own: tokens with invented
 * ids neither flood the issuer nor keep an old set from being renewed.
 */
class KeySet {
  readonly #client: JwksClient;
  readonly #now: () => number;
  #keys: readonly (readonly [KeyId, KeyObject])[] = [];
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<boolean> | undefined;
  /** When fetching failed, if it did so last. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown;
  #soughtUnknownAt = Number.NEGATIVE_INFINITY;
  /** Ids that the set was fetched for in vain. */
  #missing = new Set<KeyId>();

  constructor(url: string, now: () => number) {
    // without the client's own cache: it keeps single keys, and invented ids displace them
    this.#client = new JwksClient({ jwksUri: url, fetcher: fetchKeys, cache: false });
    this.#now = now;
  }

  async keysFor(id: KeyId): Promise<readonly KeyObject[]> {
    const known = this.#find(id);
    if (this.#age < KEPT_MS) return known.length > 0 ? known : this.#seek(id);
    const isUsable = known.length > 0 && this.#age < KEPT_MS + KEPT_MS_WHILE_AWAY;
    const renewal = this.#renew();
    // an issuer that was away a moment ago may take long to answer
    if (isUsable && this.#failedAt !== Number.NEGATIVE_INFINITY) return known;
    await renewal;
    if (this.#age < KEPT_MS) return this.#findAfterAll(id);
    if (isUsable) return known;
    throw this.#unavailable();
  }

  /** Looks for an unknown key in a set that is not old. Soon after another such request its client has to come again. */
  async #seek(id: KeyId): Promise<readonly KeyObject[]> {
    const mayAsk = !this.#fetching && this.#now() - this.#soughtUnknownAt >= UNKNOWN_ID_PAUSE_MS;
    if (mayAsk) this.#soughtUnknownAt = this.#now();
    const isRenewed = (mayAsk || this.#fetching) && (await this.#fetch());
    if (mayAsk && isRenewed) return this.#findAfterAll(id);
    const keys = this.#find(id);
    if (keys.length > 0) return keys;
    throw this.#missing.has(id) ? noSuchKey() : this.#unavailable();
  }

  /** After the set was fetched for this id. */
  #findAfterAll(id: KeyId): readonly KeyObject[] {
    const keys = this.#find(id);
    if (keys.length > 0) return keys;
    if (this.#missing.size < MOST_MISSING) this.#missing.add(id);
    throw noSuchKey();
  }

  /** A token without a key id is checked with the only key there is. */
  #find(id: KeyId): readonly KeyObject[] {
    if (id === undefined && this.#keys.length > 1) return [];
    return this.#keys.filter(([other]) => id === undefined || other === id).map(([, key]) => key);
  }

  get #age(): number {
    return this.#now() - this.#fetchedAt;
  }

  async #renew(): Promise<void> {
    if (this.#fetching || this.#now() - this.#failedAt >= FAILURE_PAUSE_MS) await this.#fetch();
  }

  /** @returns whether there is a new set */
  #fetch(): Promise<boolean> {
    this.#fetching ??= this.#request().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #request(): Promise<boolean> {
    try {
      const keys = await this.#client.getSigningKeys();
      this.#keys = keys.map((key) => [key.kid, createPublicKey(key.getPublicKey())]);
      this.#fetchedAt = this.#now();
      this.#failedAt = Number.NEGATIVE_INFINITY;
      this.#missing.clear();
      return true;
    } catch (error) {
      this.#failedAt = this.#now();
      this.#failure = error;
      return false;
    }
  }

  #unavailable(): KeysUnavailableError {
    return new KeysUnavailableError("The issuer's keys can't be had now.", { cause: this.#failure });
  }
}

function noSuchKey(): TokenError {
  return new TokenError("unauthorized", "the issuer has no such key");
}

async function fetchKeys(url: string): Promise<{ keys: unknown }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new Error(`the key set's address answered ${response.status}`);
  return (await response.json()) as { keys: unknown };
}
