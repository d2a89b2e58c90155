import { type DialectName, RequestError, type UserId } from "@switchyard/protocol";
import type { Ban } from "@switchyard/store";

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

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Ban | undefined {
    return this.#byId.get(id);
  }

  put(ban: Ban): void {
    this.#byId.set(ban.id, ban);
    this.#bySubject.set(keyOf(ban.dialect, ban.subject), ban);
  }

  drop(id: string): void {
    const ban = this.#byId.get(id);
    if (!ban) return;
    this.#byId.delete(id);
    this.#bySubject.delete(keyOf(ban.dialect, ban.subject));
  }

  /**
   * Takes another list in the place of this one.
   * @returns the bans that are new in it, or have changed
   */
  replace(bans: readonly Ban[]): Ban[] {
    const fresh = bans.filter((ban) => JSON.stringify(this.#byId.get(ban.id)) !== JSON.stringify(ban));
    this.#byId.clear();
    this.#bySubject.clear();
    for (const ban of bans) this.put(ban);
    return fresh;
  }

  /** A ban that is in force for somebody now (Unix time in ms). */
  find({ dialect, users, network = "" }: BanSubject, now: number): Ban | undefined {
    if (this.#byId.size === 0) return undefined;
    const scopes = dialect === "" ? [undefined] : [undefined, dialect];
    for (const scope of scopes) {
      for (const user of users) {
        const ban = user === undefined ? undefined : this.#inForce(scope, userSubject(user), now);
        if (ban) return ban;
      }
      for (let length = 2; length <= network.length; length += 1) {
        const ban = this.#inForce(scope, networkSubject(network.slice(0, length)), now);
        if (ban) return ban;
      }
    }
    return undefined;
  }

  #inForce(dialect: DialectName | undefined, subject: string, now: number): Ban | undefined {
    const ban = this.#bySubject.get(keyOf(dialect, subject));
    return ban && isInForce(ban, now) ? ban : undefined;
  }
}

export function isInForce({ until }: Ban, now: number): boolean {
  return until === undefined || until > now;
}

/** The error that a banned client receives. */
export function banError({ reason, until }: Ban): RequestError {
  const details = until === undefined ? { reason } : { reason, until: new Date(until).toISOString() };
  return new RequestError("banned", undefined, undefined, details);
}

function keyOf(dialect: DialectName | undefined, subject: string): string {
  return `${dialect ?? ""} ${subject}`;
}
