import type { DialectName } from "@switchyard/protocol";

/** The kinds of bans: on a user, on one address, on a network of addresses. */
export const banKinds = ["user", "address", "network"] as const;
export type BanKind = (typeof banKinds)[number];

/**
 * `ban`: a banned client may not be connected. `mute`: it may listen, and say nothing to others. `shadow`: strangers whom it is paired with
 * are in the shadow pool too; nobody learns of it.
 */
export const banEffects = ["ban", "mute", "shadow"] as const;
export type BanEffect = (typeof banEffects)[number];

/** A ban that is in force. Times are Unix ms. */
export interface Ban {
  /** The same for every ban of the same effect, subject and dialect: a new one takes the place of the old one. */
  readonly id: string;
  readonly effect: BanEffect;
  readonly kind: BanKind;
  /** The user's id, the address or the network, for people. */
  readonly whom: string;
  /** `user:` and the user's id, or `network:` and the bits that all addresses of the network begin with. */
  readonly subject: string;
  /** The only dialect in which it is in force; `undefined`: in all. */
  readonly dialect?: DialectName | undefined;
  /** When it ends; `undefined`: never. */
  readonly until?: number | undefined;
  /** For the banned user, too. */
  readonly reason: string;
  /** The operator's name. */
  readonly by: string;
  readonly at: number;
}

/** A change of the bans, between two revisions that follow each other. They are the same if nothing changed. */
export interface BanChange {
  readonly before: string;
  readonly revision: string;
  /** A ban that is in force now, in the place of one with the same id. */
  readonly put?: Ban | undefined;
  /** Bans that are no longer in force, by id. */
  readonly dropped: readonly string[];
}

/** Reads a message of the channel of the bans (written by their scripts). */
export function readBanChange(text: string): BanChange {
  const [before, revision, kind, ...rest] = JSON.parse(text) as [string, string, string, ...string[]];
  if (kind === "put") return { before, revision, put: readBan(rest[0] ?? ""), dropped: [] };
  return { before, revision, dropped: rest };
}

export function readBan(text: string): Ban {
  return JSON.parse(text) as Ban;
}
