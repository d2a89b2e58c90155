import { randomBytes } from "node:crypto";
import { accountFields } from "../field-prefixes.ts";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";
import { errorCodeOf } from "../redis/script-errors.ts";
import { type AccountIntent, type AccountState, type MessagePolicy, readAccountState } from "./account-state.ts";

const register = new Script("account/register-account-2");
const changePassword = new Script("account/change-password-2");
const setPassword = new Script("account/set-password-2");
const remove = new Script("account/remove-account-2");
const voidTokens = new Script("account/void-tokens-1");

/** Another process finishes what was begun so long ago and is not finished. */
const UNFINISHED_AFTER_MS = 3000;
/** The limits that count by the name of an account. */
const limitsOfNames = ["register-name", "login-tries", "login-block", "account"] as const;

export interface Account extends AccountState {
  /** The password's hash, in PHC form. */
  readonly password: string;
}

/**
 * Registered users. Names that differ in the case of their letters only are the same. A change of several keys begins with an intent,
 * which is settled once all is done. Rules C1–C9 of SPEC.md.
 */
export class Accounts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Notes that something is begun with an account: from then on another process finishes it, if this one does not. */
  async begin(name: string): Promise<AccountIntent> {
    const lower = name.toLowerCase();
    const entry = `${lower} ${newTokens()}`;
    await this.#db.redis.zadd(keys.accountIntents(), this.#db.clock.now(), entry);
    return { name: lower, entry };
  }

  /** All that was begun is done. */
  async settle({ entry }: AccountIntent): Promise<void> {
    await this.#db.redis.zrem(keys.accountIntents(), entry);
  }

  /** The intents of a while ago, some at a time: the processes that began them have died, or wait for something. */
  async unfinished(most: number): Promise<AccountIntent[]> {
    const until = this.#db.clock.now() - UNFINISHED_AFTER_MS;
    const entries = await this.#db.redis.zrangebyscore(keys.accountIntents(), "-inf", until, "LIMIT", 0, most);
    return entries.map((entry) => ({ name: entry.slice(0, entry.lastIndexOf(" ")), entry }));
  }

  /**
   * Creates an account; `undefined` if the name is taken.
   * @param password its hash
   * @returns the id for its tokens
   */
  async register(username: string, password: string): Promise<string | undefined> {
    const [at, tokens] = [accountKeys(username), newTokens()];
    const made = await this.#db.run(register, at, username, password, tokens, this.#db.clock.now());
    return made === 1 ? tokens : undefined;
  }

  /** Whether nobody can register that name now. */
  async exists(username: string): Promise<boolean> {
    const [account, state] = accountKeys(username);
    const [there, kept] = await Promise.all([this.#db.redis.exists(account), this.#db.redis.exists(state)]);
    return there + kept > 0;
  }

  /**
   * The account with its password's hash; `undefined` if there is none. Where the password is changed meanwhile, the id for its tokens is
   * that of before.
   */
  async find(username: string): Promise<Account | undefined> {
    const state = await this.state(username); // first: tokens of now are not for the password of before
    const { username: registered, password, created } = await this.#db.redis.hgetall(keys.account(username));
    if (registered === undefined || password === undefined) return undefined;
    const known = state ?? { tokens: "", voided: [], removing: undefined };
    return { ...known, username: registered, created: Number(created), password };
  }

  /** The account without its password; `undefined` if there is none, or one that has not logged in since it has a state. */
  async state(name: string): Promise<AccountState | undefined> {
    return readAccountState(await this.#db.redis.hgetall(keys.accountState(name)));
  }

  /**
   * Gives an account a state that an older version has registered. Nothing changes for others.
   * @returns the id for its tokens; `undefined` if there is no such account
   */
  async ensureState(username: string): Promise<string | undefined> {
    const { redis } = this.#db;
    const [account, key] = accountKeys(username);
    const known = await redis.hget(key, "tokens");
    if (known !== null) return known;
    if ((await redis.exists(account)) === 0) return undefined;
    await redis.hset(key, "username", username);
    await redis.hsetnx(key, "tokens", newTokens());
    return (await redis.hget(key, "tokens")) ?? undefined;
  }

  /**
   * The id that valid tokens of an account carry; `undefined` if there is no such account.
   */
  async tokensOf(username: string): Promise<string | undefined> {
    return (await this.#db.redis.hget(keys.accountState(username), "tokens")) ?? undefined;
  }

  /**
   * Sets another password in the place of the one that was checked, and makes all tokens void.
   * @param former the hash that was checked
   * @returns the id for new tokens; `undefined` if it has another password by now, or is being removed
   */
  async changePassword(name: string, former: string, password: string): Promise<string | undefined> {
    const tokens = newTokens();
    const changed = await this.#db.run(changePassword, accountKeys(name), former, password, tokens);
    return changed === 1 ? tokens : undefined;
  }

  /** Sets a password, whatever it was before, and makes all tokens void: whether there is such an account. Repeatable. */
  async setPassword(name: string, password: string): Promise<boolean> {
    const answer = await this.#db.run(setPassword, accountKeys(name), password, newTokens());
    return errorCodeOf(answer) === undefined;
  }

  /** Makes all tokens of an account void, and with `removing` ends it: whether there is such an account. Repeatable. */
  async voidTokens(name: string, removing: MessagePolicy | "" = ""): Promise<boolean> {
    const answer = await this.#db.run(voidTokens, [keys.accountState(name)], newTokens(), removing);
    return errorCodeOf(answer) === undefined;
  }

  /** All nodes were notified that these tokens are void. */
  async announced(name: string, voided: readonly string[]): Promise<void> {
    if (voided.length === 0) return;
    await this.#db.redis.hdel(keys.accountState(name), ...voided.map((id) => accountFields.voidedTokens + id));
  }

  /**
   * The last of an account that is being removed goes: the counts by its name, its password, and what keeps its name taken.
   * @param tokens the id that it had when its removal went on
   * @returns whether this call removed it: if not, the name may be another account's by now
   */
  async remove(name: string, tokens: string): Promise<boolean> {
    for (const limit of limitsOfNames) await this.#db.redis.del(keys.limitOf(limit, name.toLowerCase()));
    return (await this.#db.run(remove, accountKeys(name), tokens)) === 1;
  }
}

/** An id for the tokens of an account, which names nobody: 96 random bits. */
function newTokens(): string {
  return randomBytes(12).toString("base64url");
}

function accountKeys(name: string): [string, string] {
  return [keys.account(name), keys.accountState(name)];
}
