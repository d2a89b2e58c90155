import type { Party } from "./member.ts";
import type { Violations } from "./violation.ts";

/** A user in a room: since when it is there, or since when it is gone. */
interface Stay {
  readonly isIn: boolean;
  readonly since: number;
  /** When it was last back with its session. */
  backAt: number;
}

/** The last list of a room that a user received. */
interface View {
  /** Users by number, and since when lists have had them without a gap. */
  listed: ReadonlyMap<number, number>;
  /** Users that are in it twice. */
  twice: ReadonlySet<number>;
  /** When this user came into the room, or back to it. */
  since: number;
}

interface Roster {
  readonly name: string;
  readonly stays: Map<Party, Stay>;
  readonly views: Map<Party, View>;
  /** Differences that were found already: the viewer of each, and the user that it is about. */
  readonly found: Set<string>;
  /** Until when a difference may become a violation: nothing has changed since. */
  openUntil: number;
}

export interface RosterOptions {
  /** How long a list may be wrong, in ms. */
  readonly patienceMs: number;
  /** How long the cluster keeps the place of somebody who is away, in ms. */
  readonly graceMs: number;
  readonly nameOf: (user: number) => string;
  /** A time of the run, as trails have it. */
  readonly seconds: (at: number) => string;
}

/**
 * The lists of rooms that users received, compared with the users that are there: the last list of each user of a room
 * is to have all of them, and nobody else, soon after a change. Times in ms.
 */
export class Rosters {
  readonly #violations: Violations;
  readonly #options: RosterOptions;
  readonly #rosters = new Map<string, Roster>();
  readonly #roomOf = new Map<Party, string>();

  constructor(violations: Violations, options: RosterOptions) {
    this.#violations = violations;
    this.#options = options;
  }

  /** It received that it is in the room. */
  enters(at: number, room: string, user: Party): void {
    const before = this.#roomOf.get(user);
    if (before !== undefined && before !== room) {
      const finding = `${user.name} was seated in ${room} while it is in ${before}`;
      const { seconds } = this.#options;
      this.#violations.add("two-rooms", finding, () => [
        `${seconds(this.#rosters.get(before)?.stays.get(user)?.since ?? at)}: ${user.name} receives that it is in ${before}`,
        `${seconds(at)}: ${user.name} receives that it is in ${room}`,
      ]);
    }
    this.#roomOf.set(user, room);
    const roster = this.#changed(at, room);
    if (roster.stays.get(user)?.isIn) return;
    roster.stays.set(user, { isIn: true, since: at, backAt: at });
    roster.views.set(user, { listed: new Map(), twice: new Set(), ...roster.views.get(user), since: at });
  }

  /** It asked to leave, or its session is lost. */
  leaves(at: number, user: Party): void {
    const room = this.#roomOf.get(user);
    if (room === undefined) return;
    this.#roomOf.delete(user);
    const roster = this.#changed(at, room);
    roster.stays.set(user, { isIn: false, since: at, backAt: at });
    roster.views.delete(user);
  }

  /** Its connection is lost, and its grace begins. */
  goesAway(at: number, user: Party): void {
    const room = this.#roomOf.get(user);
    if (room !== undefined) this.#changed(at, room);
  }

  /** It is connected again, with its session. */
  returns(at: number, user: Party): void {
    const room = this.#roomOf.get(user);
    if (room === undefined) return;
    const { views, stays } = this.#changed(at, room);
    const [view, stay] = [views.get(user), stays.get(user)];
    if (view) view.since = at;
    if (stay) stay.backAt = at;
  }

  /** @param users numbers of users of this run; others are none of our business */
  lists(at: number, room: string, viewer: Party, users: readonly number[]): void {
    if (this.#roomOf.get(viewer) !== undefined && this.#roomOf.get(viewer) !== room) return;
    const roster = this.#changed(at, room);
    const before = roster.views.get(viewer);
    const listed = new Map(users.map((user) => [user, before?.listed.get(user) ?? at]));
    const twice = new Set(users.filter((user, index) => users.indexOf(user) !== index));
    roster.views.set(viewer, { listed, twice, since: before?.since ?? at });
  }

  /** Finds what is wrong by now, each once. */
  look(now: number): void {
    for (const [room, roster] of this.#rosters) {
      if (now > roster.openUntil) {
        if (roster.views.size === 0) this.#rosters.delete(room);
        continue;
      }
      for (const [viewer, view] of roster.views) {
        const isThere = viewer.isConnected && roster.stays.get(viewer)?.isIn;
        if (isThere && now - view.since > this.#options.patienceMs) this.#compare(now, roster, viewer, view);
      }
    }
  }

  #compare(now: number, roster: Roster, viewer: Party, { listed, twice }: View): void {
    const { patienceMs, graceMs } = this.#options;
    const stays = new Map([...roster.stays].map(([party, stay]) => [party.index, { party, ...stay }]));
    for (const { party, isIn, since, backAt } of stays.values()) {
      const isDue = isIn && party.isConnected && now - backAt > patienceMs;
      if (isDue && !listed.has(party.index)) this.#found(now, roster, viewer, party.index, "missing", since);
    }
    for (const [user, first] of listed) {
      const stay = stays.get(user);
      const isAway = stay !== undefined && !stay.party.isConnected;
      const goneAt = goneSince(stay, first, graceMs);
      const isTwice = twice.has(user) && !isAway && now - (stay?.since ?? first) > patienceMs + graceMs;
      if (goneAt !== undefined && now - Math.max(goneAt, first) > patienceMs) {
        this.#found(now, roster, viewer, user, "ghost", goneAt);
      } else if (isTwice) this.#found(now, roster, viewer, user, "ghost", first);
    }
  }

  #found(now: number, roster: Roster, viewer: Party, user: number, kind: "ghost" | "missing", since: number): void {
    const key = `${kind} ${viewer.index} ${user}`;
    if (roster.found.has(key)) return;
    roster.found.add(key);
    const { nameOf, seconds } = this.#options;
    const [is, lists] = kind === "ghost" ? ["is not there", "still has it"] : ["is there", "does not have it"];
    const list = [...(roster.views.get(viewer)?.listed.keys() ?? [])].map(nameOf).join(", ");
    const finding = `${roster.name}: ${nameOf(user)} ${is}, and the list of ${viewer.name} ${lists}`;
    this.#violations.add(kind, finding, () => [
      `${seconds(since)}: since then ${nameOf(user)} ${is}`,
      `${seconds(now)}: the last list that ${viewer.name} received is ${list}`,
    ]);
  }

  #changed(at: number, room: string): Roster {
    const known = this.#rosters.get(room);
    const roster = known ?? { name: room, stays: new Map(), views: new Map(), found: new Set(), openUntil: 0 };
    if (!known) this.#rosters.set(room, roster);
    const { patienceMs, graceMs } = this.#options;
    roster.openUntil = at + 2 * (patienceMs + graceMs);
    return roster;
  }
}

/** Since when somebody who is listed is not there; nothing if it is, or may be. */
function goneSince(
  stay: { readonly party: Party; readonly isIn: boolean; readonly since: number } | undefined,
  first: number,
  graceMs: number,
): number | undefined {
  if (!stay) return first;
  if (!stay.isIn) return stay.since + graceMs;
  return stay.party.isConnected ? undefined : stay.party.heardAt + graceMs;
}
