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
  readonly #tries: RateLimiterRedis;
  readonly #blocks: RateLimiterRedis;

  constructor(redis: Redis, options: AccountLimitOptions) {
    this.#options = options;
    this.#registering = limiter(redis, options.register);
    this.#loggingIn = limiter(redis, options.login);
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
   * To be asked before a password is looked at. It counts as a failed try until `loggedIn` is called, so that many at once don't get past.
   * @param address as `addressGroup` writes it
   * @throws TooManyRequestsError
   */
  async beforeLogin(address: string, name: string): Promise<void> {
    const { tries, blockDuration } = this.#options;
    const subject = subjectOf(name);
    await use(this.#loggingIn, "login", address);
    const block = await this.#blocks.get(keys.limitOf("login-block", subject));
    if (block) throw new TooManyRequestsError("login-block", block.msBeforeNext);
    const { consumedPoints } = await this.#tries.penalty(keys.limitOf("login-tries", subject));
    if (consumedPoints < tries) return;
    const customDuration = Math.min(blockDuration * 2 ** (consumedPoints - tries), LONGEST_BLOCK_S);
    await use(this.#blocks, "login-block", subject, { customDuration }); // of several at once, one gets it
  }

  /** The password was right: the name's tries are forgotten. */
  async loggedIn(name: string): Promise<void> {
    const subject = subjectOf(name);
    await this.#tries.delete(keys.limitOf("login-tries", subject));
    await this.#blocks.delete(keys.limitOf("login-block", subject));
  }
}

/** A name as limits count it: clients may send anything for one. */
function subjectOf(name: string): string {
  return name.slice(0, MAX_ID_LENGTH).toWellFormed().toLowerCase();
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
