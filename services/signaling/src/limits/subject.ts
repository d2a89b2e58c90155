import type { Participant } from "@switchyard/core";
import type { Allowance } from "@switchyard/dialects";
import { keys } from "@switchyard/store";

type PerAllowance<Value> = Readonly<Record<Allowance, Value>>;

/**
 * Whose allowances a connection uses: those of its session until it is known whom it stands for, and then that user's, for as long as it
 * lasts: calling itself somebody else gives it no new ones.
 */
export class Subject {
  readonly #participant: Participant;
  #keys: PerAllowance<string>;
  #isUser = false;

  constructor(participant: Participant) {
    this.#participant = participant;
    this.#keys = each((allowance) => keys.limitOf(allowance, participant.session));
  }

  /** Whether it is known whom it stands for. */
  get isUser(): boolean {
    return this.#isUser;
  }

  /** The key under which its use of an allowance is counted. */
  keyOf(allowance: Allowance): string {
    return this.#keys[allowance];
  }

  /** Looks whom the connection stands for. `true` once: when that has become known. */
  recognize(): boolean {
    const { dialect, bearer, user = bearer?.user } = this.#participant;
    if (this.#isUser || dialect === "" || user === undefined) return false;
    this.#keys = each((allowance) => keys.limitOfUser(allowance, dialect, user));
    this.#isUser = true;
    return true;
  }
}

function each<Value>(make: (allowance: Allowance) => Value): PerAllowance<Value> {
  return { costly: make("costly"), signal: make("signal"), free: make("free") };
}
