import { randomBytes } from "node:crypto";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";

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
