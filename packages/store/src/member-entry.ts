import {
  type Flag,
  type Flags,
  flagNames,
  type Member,
  type Profile,
  type SessionId,
  type UserId,
} from "@switchyard/protocol";

/** What a member brings along when it enters. */
export interface MemberContent {
  readonly user: UserId;
  readonly profile: Profile;
  readonly flags: Flags;
  /** When it asked to come in, Unix time in ms. */
  readonly joined: number;
}

/** Who is in a room, in the order in which they came, as of a revision. `created` is Unix time in ms. */
export interface Roster {
  readonly revision: number;
  readonly created: number;
  readonly members: readonly Member[];
}

/** A member's constant part, as the room keeps it. */
export function writeMember({ user, profile, joined }: MemberContent): string {
  return JSON.stringify({ user, joined, profile });
}

/** One character for each flag: that is how a script can set one. */
export function flagsOf(flags: Flags): string {
  return flagNames.map((name) => (flags[name] ? "1" : "0")).join("");
}

/** Reads `<place> <revision> <flags> <JSON>`. */
export function readMember(session: SessionId, entry: string): Member {
  return readPlaced(session, entry).member;
}

export function readRoster(revision: string, created: string, peers: readonly string[]): Roster {
  const placed = [];
  for (let i = 0; i + 1 < peers.length; i += 2) placed.push(readPlaced(String(peers[i]), String(peers[i + 1])));
  placed.sort((one, two) => one.place - two.place);
  return { revision: Number(revision), created: Number(created), members: placed.map(({ member }) => member) };
}

function readPlaced(session: SessionId, entry: string): { place: number; member: Member } {
  const [, place, flags = "", json = "{}"] = /^(\d+) \d+ (\S*) (.*)$/s.exec(entry) ?? [];
  const { user, joined, profile } = JSON.parse(json) as { user: UserId; joined: number; profile: Profile };
  return { place: Number(place), member: { session, user, joined, profile, flags: readFlags(flags) } };
}

function readFlags(text: string): Flags {
  return Object.fromEntries(flagNames.map((name, i) => [name, text[i] === "1"])) as Record<Flag, boolean>;
}
