import { type DialectName, RequestError, type UserId } from "@switchyard/protocol";
import type { Ban, BanEffect } from "@switchyard/store";

const USER = "user:";
const NETWORK = "network:";

/** A connection, as far as bans look at it. */
export interface BanSubject {
  /** Empty until it is known: then only bans of all dialects count. */
  readonly dialect: DialectName | "";
  /** The user that it stands for, and the user of its token. */
  readonly users: readonly (UserId | undefined)[];
  /** As `networkOf` writes it. */
  readonly network: string | undefined;
}

export const userSubject = (user: UserId): string => USER + user;
export const networkSubject = (bits: string): string => NETWORK + bits;

/** Whether a ban is on somebody, whenever it ends. */
export function isOn({ subject, dialect }: Ban, who: BanSubject): boolean {
  if (dialect !== undefined && dialect !== who.dialect) return false;
  if (subject.startsWith(NETWORK)) return who.network?.startsWith(subject.slice(NETWORK.length)) ?? false;
  return who.users.some((user) => user !== undefined && subject === userSubject(user));
}

/** All bans, in memory: what is looked for is found by subject, so a thousand of them cost what one does. */
export class BanList {
  readonly #byId = new Map<string, Ban>();
  readonly #bySubject = new Map<string, Ban>();
  /** How many bans of networks there are, by the length of their bits: only these lengths are looked for. */
  readonly #lengths = new Map<number, number>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Ban | undefined {
    return this.#byId.get(id);
  }

  put(ban: Ban): void {
    this.drop(ban.id);
    this.#count(ban, 1);
    this.#byId.set(ban.id, ban);
    this.#bySubject.set(keyOf(ban), ban);
  }

  drop(id: string): void {
    const ban = this.#byId.get(id);
    if (!ban) return;
    this.#count(ban, -1);
    this.#byId.delete(id);
    this.#bySubject.delete(keyOf(ban));
  }

  /**
   * Takes another list in the place of this one.
   * @returns the bans that are new in it, or have changed
   */
  replace(bans: readonly Ban[]): Ban[] {
    const fresh = bans.filter((ban) => JSON.stringify(this.#byId.get(ban.id)) !== JSON.stringify(ban));
    this.#byId.clear();
    this.#bySubject.clear();
    this.#lengths.clear();
    for (const ban of bans) this.put(ban);
    return fresh;
  }

  /** A ban of that effect that is in force for somebody now (Unix time in ms). */
  find({ dialect, users, network = "" }: BanSubject, now: number, effect: BanEffect): Ban | undefined {
    if (this.#byId.size === 0) return undefined;
    for (const scope of dialect === "" ? [undefined] : [undefined, dialect]) {
      const inForce = (subject: string) => this.#inForce({ effect, dialect: scope, subject }, now);
      for (const user of users) {
        const ban = user === undefined ? undefined : inForce(userSubject(user));
        if (ban) return ban;
      }
      for (const length of this.#lengths.keys()) {
        const ban = inForce(networkSubject(network.slice(0, length)));
        if (ban) return ban;
      }
    }
    return undefined;
  }

  #count({ subject }: Ban, by: 1 | -1): void {
    if (!subject.startsWith(NETWORK)) return;
    const length = subject.length - NETWORK.length;
    const count = (this.#lengths.get(length) ?? 0) + by;
    if (count === 0) this.#lengths.delete(length);
    else this.#lengths.set(length, count);
  }

  #inForce(of: BanOf, now: number): Ban | undefined {
    const ban = this.#bySubject.get(keyOf(of));
    return ban && isInForce(ban, now) ? ban : undefined;
  }
}

export function isInForce({ until }: Ban, now: number): boolean {
  return until === undefined || until > now;
}

/** The error that a banned or muted client receives. */
export function banError({ effect, reason, until }: Ban): RequestError {
  const details = until === undefined ? { reason } : { reason, until: new Date(until).toISOString() };
  return new RequestError(effect === "mute" ? "muted" : "banned", undefined, undefined, details);
}

type BanOf = Pick<Ban, "effect" | "dialect" | "subject">;

function keyOf({ effect, dialect, subject }: BanOf): string {
  return `${effect} ${dialect ?? ""} ${subject}`;
}
