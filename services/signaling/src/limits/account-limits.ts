import { MAX_ID_LENGTH } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import type { Redis } from "ioredis";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { TooManyRequestsError } from "./allowance.ts";

/** So many in so many seconds. */
interface Rate {
  readonly points: number;
  readonly duration: number;
}

export interface AccountLimitOptions {
  /** Attempts to register, for each address and for each name. */
  readonly register: Rate;
  /** Attempts to log in, for each address. */
  readonly login: Rate;
  /** How many tries to log in with one name are free. */
  readonly tries: number;
  /** For how long the name is blocked after the last free try, in seconds; twice as long after each further one. */
  readonly blockDuration: number;
}

/** How long a name's tries are remembered, unless it logs in. */
const TRIES_REMEMBERED_S = 86_400;
/** The longest that a name is blocked after one try. */
const LONGEST_BLOCK_S = 900;

/**
 * Limits on creating accounts and on guessing passwords, counted over the whole cluster. Names count as they are looked up: whatever the
 * case of their letters, and whether there is such an account or not.
 */
export class AccountLimits {
  readonly #options: AccountLimitOptions;
  readonly #registering: RateLimiterRedis;
  readonly #loggingIn: RateLimiterRedis;
  readonly #using: RateLimiterRedis;
  readonly #tries: RateLimiterRedis;
  readonly #blocks: RateLimiterRedis;

  constructor(redis: Redis, options: AccountLimitOptions) {
    this.#options = options;
    this.#registering = limiter(redis, options.register);
    this.#loggingIn = limiter(redis, options.login);
    this.#using = limiter(redis, options.login);
    this.#tries = limiter(redis, { points: options.tries, duration: TRIES_REMEMBERED_S });
    this.#blocks = limiter(redis, { points: 1, duration: LONGEST_BLOCK_S });
  }

  /**
   * To be asked before an account is looked for or made.
   * @param address as `addressGroup` writes it
   * @throws TooManyRequestsError
   */
  async beforeRegistering(address: string, name: string): Promise<void> {
    await use(this.#registering, "register", address);
    await use(this.#registering, "register-name", subjectOf(name));
  }

  /**
   * To be asked before a password is looked at. It counts as a failed try until `forgive` is called, so that many at once don't get past.
   * A device from which the name has logged in before has tries of its own, as long as it has some: guesses of others don't block it, and
   * what it gets right takes nothing from the count of others' guesses.
   * @param address as `addressGroup` writes it
   * @param device its id, if it has shown that it is known
   * @returns `forgive`, to be called if the password was right
   * @throws TooManyRequestsError
   */
  async beforeLogin(address: string, name: string, device?: string): Promise<() => Promise<void>> {
    await use(this.#loggingIn, "login", address);
    const isBlocked = device !== undefined && (await this.#blockOf(deviceSubject(device))) !== undefined;
    const subject = device === undefined || isBlocked ? subjectOf(name) : deviceSubject(device);
    await this.#beforeTry(subject);
    return () => this.#forgive(subject);
  }

  /**
   * To be asked before somebody does something with an account, by its token.
   * @throws TooManyRequestsError
   */
  async beforeUse(name: string): Promise<void> {
    await use(this.#using, "account", subjectOf(name));
  }

  async #beforeTry(subject: string): Promise<void> {
    const { tries, blockDuration } = this.#options;
    const blockedMs = await this.#blockOf(subject);
    if (blockedMs !== undefined) throw new TooManyRequestsError("login-block", blockedMs);
    const { consumedPoints } = await this.#tries.penalty(keys.limitOf("login-tries", subject));
    if (consumedPoints < tries) return;
    const customDuration = Math.min(blockDuration * 2 ** (consumedPoints - tries), LONGEST_BLOCK_S);
    await use(this.#blocks, "login-block", subject, { customDuration }); // of several at once, one gets it
  }

  /** For how many ms no try is allowed; `undefined`: one is. */
  async #blockOf(subject: string): Promise<number | undefined> {
    return (await this.#blocks.get(keys.limitOf("login-block", subject)))?.msBeforeNext;
  }

  /** The password was right: the tries are forgotten. */
  async #forgive(subject: string): Promise<void> {
    await this.#tries.delete(keys.limitOf("login-tries", subject));
    await this.#blocks.delete(keys.limitOf("login-block", subject));
  }
}

/** A name as limits count it: clients may send anything for one. */
function subjectOf(name: string): string {
  return name.slice(0, MAX_ID_LENGTH).toWellFormed().toLowerCase();
}

/** No name that is registered has a space in it. */
function deviceSubject(id: string): string {
  return `device ${id}`;
}

function limiter(redis: Redis, rate: Rate): RateLimiterRedis {
  return new RateLimiterRedis({ storeClient: redis, keyPrefix: "", ...rate });
}

async function use(limit: RateLimiterRedis, name: string, subject: string, options = {}): Promise<void> {
  try {
    await limit.consume(keys.limitOf(name, subject), 1, options);
  } catch (error) {
    throw error instanceof RateLimiterRes ? new TooManyRequestsError(name, error.msBeforeNext) : error;
  }
}
