import { accountFields, subjectsOf } from "../field-prefixes.ts";

/** The messages of an account that is removed are erased, or go on without its name. */
export const messagePolicies = ["erase", "anonymise"] as const;
export type MessagePolicy = (typeof messagePolicies)[number];

/** An account without its password. */
export interface AccountState {
  /** As it was given at the registration. */
  readonly username: string;
  /** Unix time in ms; 0: not known, since a version registered it that kept no state. */
  readonly created: number;
  /** The id that its tokens carry; those with another one are void. */
  readonly tokens: string;
  /** Ids of void tokens of which nodes may not have been notified yet. */
  readonly voided: readonly string[];
  /** Set once it is being removed: it can no longer log in. */
  readonly removing: MessagePolicy | undefined;
}

/** Reads an account's state; `undefined` where there is none. */
export function readAccountState(fields: Readonly<Record<string, string>>): AccountState | undefined {
  const { username, created, tokens, removing } = fields;
  if (username === undefined || tokens === undefined) return undefined;
  return {
    username,
    created: Number(created ?? 0),
    tokens,
    voided: subjectsOf(Object.keys(fields), accountFields.voidedTokens),
    removing: messagePolicies.find((policy) => policy === removing),
  };
}

/** Something that was begun with an account, until all of it is done. */
export interface AccountIntent {
  /** The account's name in lower case. */
  readonly name: string;
  /** By which it is settled. */
  readonly entry: string;
}
