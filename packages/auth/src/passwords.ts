import { hash, type Options, verify } from "@node-rs/argon2";
import { z } from "zod";

/** Argon2id (RFC 9106) with OWASP's least memory and passes: about 10 ms and 19 MiB. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords and checks them, off the main thread. */
export class Passwords {
  readonly #nobodys: string;

  private constructor(nobodys: string) {
    this.#nobodys = nobodys;
  }

  static async create(): Promise<Passwords> {
    return new Passwords(await hash(crypto.randomUUID(), cost));
  }

  /** The form in which a password is stored: the hash with its salt and cost, in PHC form. */
  async hash(password: string): Promise<string> {
    return hash(normalized(password), cost);
  }

  /**
   * Whether it is the password.
   * @param kept what `hash` returned; `undefined` where there is no such account: then it is wrong, after the same time
   */
  async verify(kept: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(kept ?? this.#nobodys, normalized(password));
    return matches && kept !== undefined;
  }
}

/** The same characters typed on another system may be other code points (NIST SP 800-63B asks for NFKC or NFKD). */
function normalized(password: string): string {
  return password.normalize("NFKC");
}

/** The name of an account. Names that differ in the case of their letters only are the same. */
export const Username = z
  .string()
  .min(3)
  .max(32)
  .regex(/^[A-Za-z0-9._-]*$/, "must be letters, digits, '_', '-' and '.'")
  .meta({ description: "3 to 32 letters (A to Z), digits, `_`, `-` or `.`; the case of letters makes no difference." });

export const Password = z.string().min(8).max(128).meta({ description: "8 to 128 characters." });
