import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const NONCE_BYTES = 12;
const form = /^([\w-]{16})\.([\w-]{43})$/;

/**
 * Proofs that a name has logged in from a device before, by which the guesses of others don't keep its owner out. A proof is for one name,
 * is no token, and opens nothing: a password is needed with it.
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export class Devices {
  readonly #keys: readonly Buffer[];

  /**
   * @param secret that signs tokens
   * @param others accepted as well, while the secret is changed
   */
  constructor(secret: string, ...others: readonly string[]) {
    this.#keys = [secret, ...others].map((text) => createHmac("sha256", text).update("device").digest());
  }

  /** A proof for a device that has just logged in with that name. */
  issue(name: string): string {
    const nonce = randomBytes(NONCE_BYTES).toString("base64url");
    return `${nonce}.${this.#sign(this.#keys[0] ?? Buffer.alloc(0), name, nonce).toString("base64url")}`;
  }

  /**
   * The device's id, by which its attempts are counted; `undefined` if that is no proof for that name.
   * @param proof as a client sent it
   */
  idOf(name: string, proof: string | undefined): string | undefined {
    const [, nonce = "", signature = ""] = form.exec(proof ?? "") ?? [];
    const given = Buffer.from(signature, "base64url");
    const isProof = this.#keys.some((key) => {
      const expected = this.#sign(key, name, nonce);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    return isProof ? nonce : undefined;
  }

  #sign(key: Buffer, name: string, nonce: string): Buffer {
    return createHmac("sha256", key).update(`${nonce}\n${name.toLowerCase()}`).digest();
  }
}
