import type { Participant } from "@switchyard/core";
import type { Allowance } from "@switchyard/dialects";
import type { DialectName, UserId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import type { CountedConnection } from "./connection-allowance.ts";

/** The allowances that events count against: those of the commands, and one for events that are ignored, so that these use up no other. */
export const allowanceNames = ["costly", "signal", "free", "ignored"] as const satisfies (Allowance | "ignored")[];
export type AllowanceName = (typeof allowanceNames)[number];

/**
 * The owner of the allowances that a connection uses: its session until its user is known, and then that user, for as long as it
 * lasts: calling itself somebody else gives it no new ones.
 */
export class Subject {
  readonly connection: CountedConnection;
  readonly #participant: Participant;
  /** Those that were asked for: most connections are idle most of the time. */
  #keys: Partial<Record<AllowanceName, string>> | undefined;
  #of: { readonly dialect: DialectName; readonly user: UserId } | undefined;

  /** @param connection of Engine.IO, whose id is private there */
  constructor(participant: Participant, connection: object) {
    this.#participant = participant;
    this.connection = connection as CountedConnection;
  }

  get user(): UserId | undefined {
    return this.#of?.user;
  }

  /** Whether the connection's user is known. */
  get isUser(): boolean {
    return this.#of !== undefined;
  }

  /** The key under which its use of an allowance is counted. */
  keyOf(allowance: AllowanceName): string {
    this.#keys ??= {};
    this.#keys[allowance] ??= this.#newKeyOf(allowance);
    return this.#keys[allowance];
  }

  /** Looks up the connection's user. `true` once: when that has become known. */
  recognize(): boolean {
    const { dialect, bearer, user = bearer?.user } = this.#participant;
    if (this.isUser || dialect === "" || user === undefined) return false;
    this.#of = { dialect, user };
    this.#keys = undefined;
    return true;
  }

  #newKeyOf(allowance: AllowanceName): string {
    if (!this.#of) return keys.limitOf(allowance, this.#participant.session);
    return keys.limitOfUser(allowance, this.#of.dialect, this.#of.user);
  }
}
