import { randomBytes } from "node:crypto";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";

const register = new Script("account/register-account-1");

export interface Account {
  /** As it was given at the registration. */
  readonly username: string;
  /** The password's hash, in PHC form. */
  readonly password: string;
  /** Unix time in ms. */
  readonly created: number;
}

/** Who has registered. Names that differ in the case of their letters only are the same. Rules C1–C3 of SPEC.md. */
export class Accounts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Creates an account; `false` if the name is taken.
   * @param password its hash
   */
  async register(username: string, password: string): Promise<boolean> {
    return (await this.#db.run(register, [keys.account(username)], username, password, this.#db.clock.now())) === 1;
  }

  async exists(username: string): Promise<boolean> {
    return (await this.#db.redis.exists(keys.account(username))) === 1;
  }

  async find(username: string): Promise<Account | undefined> {
    const { username: registered, password, created } = await this.#db.redis.hgetall(keys.account(username));
    if (registered === undefined || password === undefined) return undefined;
    return { username: registered, password, created: Number(created) };
  }
}

/** Secrets that the nodes of a cluster agreed on, because none was given to them. Rule C4 of SPEC.md. */
export class Secrets {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The secret of that name, made by whoever asks first: 256 random bits. */
  async agreed(name: "jwt"): Promise<string> {
    const own = randomBytes(32).toString("base64url");
    return (await this.#db.redis.set(keys.secret(name), own, "NX", "GET")) ?? own;
  }
}
