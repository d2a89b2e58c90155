import { type Claims, TokenError, type TokenVerifier } from "@switchyard/auth";
import { type Channels, keys, type Store } from "@switchyard/store";

/** A message that was lost delays its news by no more than this. */
const READ_EVERY_MS = 1000;
/** Entries read in one step. */
const BATCH = 500;
/** The last ids that became void, for connections that are being opened meanwhile. */
const REMEMBERED = 10_000;

/**
 * Knows which tokens of accounts are void. A token is compared with its account where it is shown; a node learns of those that become void
 * afterwards, by the channel, and once a second besides.
 */
export class AccountTokens {
  readonly #store: Pick<Store, "accounts" | "accountIndex">;
  readonly #verifier: TokenVerifier;
  readonly #onFailure: (error: unknown) => void;
  readonly #voided = new Set<string>();
  #last = "";
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #isAskedAgain = false;
  /** Called with the ids of tokens that have become void. */
  onVoid: (ids: readonly string[]) => void = () => {};

  constructor(
    store: Pick<Store, "accounts" | "accountIndex">,
    verifier: TokenVerifier,
    onFailure: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#verifier = verifier;
    this.#onFailure = onFailure;
  }

  /** Resolves when every token that becomes void from now on is learnt of. */
  async begin(channels: Channels): Promise<void> {
    await channels.listen(keys.accountVoids(), () => void this.read());
    this.#last = await this.#store.accountIndex.lastVoid();
    this.#timer = setInterval(() => void this.read(), READ_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * The claims of a token, if it is genuine and valid; that of an account must also carry the account's present id.
   * @throws TokenError
   * @throws KeysUnavailableError
   */
  async verify(token: unknown): Promise<Claims> {
    const claims = await this.#verifier.verify(token);
    if (claims.account === undefined) return claims; // nobody here has issued it
    if ((await this.#store.accounts.tokensOf(claims.sub)) !== claims.account)
      throw new TokenError("unauthorized", "its account has made it void, or is removed");
    return claims;
  }

  /** Whether this node has learnt that tokens with that id are void. */
  isVoid(id: string | undefined): boolean {
    return id !== undefined && this.#voided.has(id);
  }

  /** Reads what has become void since. */
  read(): Promise<void> {
    this.#isAskedAgain = this.#reading !== undefined;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      if (this.#isAskedAgain) void this.read(); // the message may have come after the last entry was read
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      for (;;) {
        const { ids, last } = await this.#store.accountIndex.voidsAfter(this.#last, BATCH);
        this.#last = last;
        if (ids.length > 0) this.#note(ids);
        if (ids.length < BATCH) return;
      }
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #note(ids: readonly string[]): void {
    for (const id of ids) this.#voided.add(id);
    for (const id of this.#voided) {
      if (this.#voided.size <= REMEMBERED) break;
      this.#voided.delete(id);
    }
    this.onVoid(ids);
  }
}
