import {
  type Flag,
  type Flags,
  flagNames,
  type Member,
  type Profile,
  type SessionId,
  type UserId,
} from "@switchyard/protocol";

/** The content that a member provides on entering. */
export interface MemberContent {
  readonly user: UserId;
  readonly profile: Profile;
  readonly flags: Flags;
  /** When it asked to come in, Unix time in ms. */
  readonly joined: number;
}

/** A member, and how it came to be one. */
export interface Occupant extends Member {
  /** Which attempt of its session it was. */
  readonly attempt: number;
  /** The change by which it came in. */
  readonly revision: number;
  /** The change by which its user came in: by this session, or by one in whose place this one is. */
  readonly since: number;
}

/** The members of a room, in the order in which they entered, as of a revision. `created` is Unix time in ms. */
export interface Roster {
  readonly revision: number;
  readonly created: number;
  readonly members: readonly Occupant[];
}

/** A member's constant part, as the room keeps it. */
export function writeMember({ user, profile, joined }: MemberContent): string {
  return JSON.stringify({ user, joined, profile });
}

/** One character for each flag: that is how a script can set one. */
export function flagsOf(flags: Flags): string {
  return flagNames.map((name) => (flags[name] ? "1" : "0")).join("");
}

/** Reads `<place> <attempt> <revision> <since> <flags> <JSON>`. */
export function readOccupant(session: SessionId, entry: string): Occupant {
  return readOrdered(session, entry).occupant;
}

export function readRoster(revision: string, created: string, peers: readonly string[]): Roster {
  const ordered = [];
  for (let i = 0; i + 1 < peers.length; i += 2) ordered.push(readOrdered(String(peers[i]), String(peers[i + 1])));
  ordered.sort((one, two) => one.order - two.order);
  return { revision: Number(revision), created: Number(created), members: ordered.map(({ occupant }) => occupant) };
}

function readOrdered(session: SessionId, entry: string): { order: number; occupant: Occupant } {
  const [, order, attempt, revision, since, flags = "", json = "{}"] =
    /^(\d+) (\d+) (\d+) (\d+) (\S*) (.*)$/s.exec(entry) ?? [];
  const { user, joined, profile } = JSON.parse(json) as { user: UserId; joined: number; profile: Profile };
  const member = { session, user, joined, profile, flags: readFlags(flags) };
  const changes = { attempt: Number(attempt), revision: Number(revision), since: Number(since) };
  return { order: Number(order), occupant: { ...member, ...changes } };
}

function readFlags(text: string): Flags {
  return Object.fromEntries(flagNames.map((name, i) => [name, text[i] === "1"])) as Record<Flag, boolean>;
}
