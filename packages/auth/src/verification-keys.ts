import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import type { Algorithm } from "jsonwebtoken";

/** Keys for checking tokens. The algorithms follow from the kind of key and are never taken from a token. */
export interface VerificationKeys {
  readonly algorithms: readonly Algorithm[];
  /**
   * The keys that a token may be signed with, any one of them; at least one.
   * @param id the `kid` of the token's header
   * @throws TokenError if there is no such key
   * @throws KeysUnavailableError
   */
  keysFor(id: string | undefined): Promise<readonly KeyObject[]>;
}

/**
 * A secret that issuer and verifier share: HS256.
 * @param others accepted as well: while the secret is changed, the one before it, or the one to come
 */
export function sharedSecret(secret: string, ...others: readonly string[]): VerificationKeys {
  const keys = [secret, ...others].map((text) => createSecretKey(text, "utf8"));
  return { algorithms: ["HS256"], keysFor: async () => keys };
}

/** Thrown for a public key that can't be used; `message` says why and never holds the key. */
export class UnusableKeyError extends Error {
  override readonly name = "UnusableKeyError";
}

const LEAST_RSA_BITS = 2048;

/**
 * The issuer's public key: RS256 for RSA, ES256 for P-256.
 * @param pem SPKI in PEM; its line ends may be written as `\n`
 * @throws UnusableKeyError
 */
export function publicKey(pem: string): VerificationKeys {
  const key = readPublicKey(pem.replaceAll("\\n", "\n"));
  const algorithm = algorithmFor(key);
  return { algorithms: [algorithm], keysFor: async () => [key] };
}

function readPublicKey(pem: string): KeyObject {
  if (pem.includes("PRIVATE KEY")) throw new UnusableKeyError("it is a private key, which stays with the issuer");
  try {
    return createPublicKey(pem);
  } catch {
    throw new UnusableKeyError("it is no public key in PEM form");
  }
}

function algorithmFor(key: KeyObject): Algorithm {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    if (modulusLength >= LEAST_RSA_BITS) return "RS256";
    throw new UnusableKeyError(`an RSA key needs at least ${LEAST_RSA_BITS} bits`);
  }
  if (key.asymmetricKeyType === "ec" && namedCurve === "prime256v1") return "ES256";
  throw new UnusableKeyError("it is neither an RSA key (RS256) nor one on the curve P-256 (ES256)");
}

const LEAST_LENGTH = 32;
const LEAST_DIFFERENT = 10;
const fromAnExample =
  /change.?(me|this|it)|replace.?(me|this|it)|your.(jwt|secret|super|own|key|random)|example|placeholder|super.?secret|secret.?key/i;

/** The problem with a secret for signing tokens; `undefined` if there is none. Never holds the secret. */
export function weaknessOf(secret: string): string | undefined {
  if (secret.length < LEAST_LENGTH) return `it is shorter than ${LEAST_LENGTH} characters`;
  if (fromAnExample.test(secret)) return "it is one from an example";
  if (new Set(secret).size < LEAST_DIFFERENT) return "it is made of too few different characters";
  return undefined;
}
