/** Prefixes of a session's fields, as `lua/prelude.lua` has them; `docs/keys.md` says what each field holds. */
export const sessionFields = {
  seat: "r:",
  reservation: "p:",
  requeued: "b:",
  departure: "x:",
  pendingEntry: "a:",
  entry: "i:",
  unannounced: "n:",
  admissionRevision: "w:",
  listRevision: "v:",
  messageRevision: "s:",
  memberRevision: "m:",
  callLeg: "c:",
  claimedUser: "u:",
  fence: "f:",
} as const;

/** Prefixes of a user's fields. */
export const userFields = { userSession: "s:", eviction: "e:" } as const;

/** Prefix of an account's field. */
export const accountFields = { voidedTokens: "v:" } as const;

/** The subjects of the fields with a prefix: the rest of their names. */
export function subjectsOf(fields: readonly string[], prefix: string): string[] {
  return fields.flatMap((field) => (field.startsWith(prefix) ? [field.slice(prefix.length)] : []));
}
