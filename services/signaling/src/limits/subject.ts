import type { Participant } from "@switchyard/core";
import type { Allowance } from "@switchyard/dialects";
import type { DialectName, UserId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";

/**
 * Whose allowances a connection uses: those of its session until it is known whom it stands for, and then that user's, for as long as it
 * lasts: calling itself somebody else gives it no new ones.
 */
export class Subject {
  readonly #participant: Participant;
  /** Those that were asked for: most connections are idle most of the time. */
  #keys: Partial<Record<Allowance, string>> | undefined;
  #of: { readonly dialect: DialectName; readonly user: UserId } | undefined;

  constructor(participant: Participant) {
    this.#participant = participant;
  }

  /** Whether it is known whom it stands for. */
  get isUser(): boolean {
    return this.#of !== undefined;
  }

  /** The key under which its use of an allowance is counted. */
  keyOf(allowance: Allowance): string {
    this.#keys ??= {};
    this.#keys[allowance] ??= this.#newKeyOf(allowance);
    return this.#keys[allowance];
  }

  /** Looks whom the connection stands for. `true` once: when that has become known. */
  recognize(): boolean {
    const { dialect, bearer, user = bearer?.user } = this.#participant;
    if (this.isUser || dialect === "" || user === undefined) return false;
    this.#of = { dialect, user };
    this.#keys = undefined;
    return true;
  }

  #newKeyOf(allowance: Allowance): string {
    if (!this.#of) return keys.limitOf(allowance, this.#participant.session);
    return keys.limitOfUser(allowance, this.#of.dialect, this.#of.user);
  }
}
