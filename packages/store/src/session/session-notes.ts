import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf, type StoreErrorCode } from "../redis/script-errors.ts";
import { SessionReader } from "./session-reader.ts";

const setDialect = new Script("session/set-dialect-1");
const setUser = new Script("session/set-user-1");
const setNetwork = new Script("session/set-network-1");

/** Notes in a session about its client, which the node that holds the session makes as it learns of them. */
export class SessionNotes extends SessionReader {
  readonly #db: Database;

  constructor(db: Database) {
    super(db);
    this.#db = db;
  }

  async setDialect(id: SessionId, dialect: DialectName, epoch: number): Promise<StoreErrorCode | undefined> {
    return errorCodeOf(await this.#db.run(setDialect, [keys.session(id)], dialect, epoch));
  }

  /**
   * Notes whom a session stands for; to be done before the user is claimed for it.
   * @param released whom it stood for until now, and has been released
   */
  async setUser(
    id: SessionId,
    user: UserId,
    released: UserId | undefined,
    epoch: number,
  ): Promise<StoreErrorCode | undefined> {
    return errorCodeOf(await this.#db.run(setUser, [keys.session(id)], user, released ?? "", epoch));
  }

  /** @param network of the address that its client is connected from, as operators read it */
  async setNetwork(id: SessionId, network: string, epoch: number): Promise<StoreErrorCode | undefined> {
    return errorCodeOf(await this.#db.run(setNetwork, [keys.session(id)], network, epoch));
  }
}
