import { type Grant, type RedisUser, rulesOf } from "./access/grant.ts";
import * as grants from "./access/grants.ts";

export type { Grant, RedisUser };

/** Every user of Redis, with the rights that it needs and no others. A client without a password has no rights. */
export const redisUsers = {
  signaling: {
    name: "signaling",
    who: "Signaling nodes.",
    grants: [
      grants.state,
      grants.connection,
      grants.nodeChannels,
      grants.emits,
      grants.moderation,
      grants.limits,
      grants.accounts,
      grants.accountState,
      grants.secrets,
    ],
  },
  matchmaker: {
    name: "matchmaker",
    who: "Matchmakers.",
    grants: [
      grants.state,
      grants.connection,
      grants.moderation,
      grants.accountState,
      grants.accountChanges,
      grants.countRemoval,
      grants.assignments,
      grants.jobs,
    ],
  },
  observer: {
    name: "observer",
    who: "`sy` where it only reads, and operators with `redis-cli`. It changes nothing.",
    grants: [grants.inspection, grants.connection, grants.measures, grants.watching, grants.aclLog],
  },
  operator: {
    name: "operator",
    who: "`sy` where it changes something: orders to nodes, closing rooms, bans, accounts, repairs, tokens.",
    grants: [
      grants.state,
      grants.connection,
      grants.nodeChannels,
      grants.moderation,
      grants.accountState,
      grants.accountChanges,
      grants.countRemoval,
      grants.sharedSecret,
      grants.inspection,
      grants.measures,
      grants.aclLog,
    ],
  },
} as const satisfies Record<string, RedisUser>;

/** An optional user, which an operator creates for programs that use Socket.IO's emitter. No service connects as this user. */
export const emitterUser: RedisUser = {
  name: "emitter",
  who: "Back ends that reach clients by `@socket.io/redis-emitter`. It is not created by itself.",
  grants: [grants.emitting],
};

/** The command that creates it. */
export const createEmitter = `ACL SETUSER ${emitterUser.name} on '>a long random password' ${rulesOf(grants.emitting)}`;

export type RedisUserName = keyof typeof redisUsers;

/** The user for the maintenance of Redis itself. No service connects as this user. */
export const ADMIN = "admin";
export const ADMIN_RULES = "~* &* +@all";

/**
 * No client can log in as this user, since it is off. But Redis replays its append-only file with its rights: with
 * fewer, writes of scripts and transactions would be refused then, and lost.
 */
const DEFAULT_USER = `user default off ${ADMIN_RULES}`;

/**
 * A user's rules, one for each grant: the first is the user's own, the others are selectors (Redis 7), so that a
 * command allowed with one kind of keys is not allowed with another.
 */
export function accessRules(name: RedisUserName): string[] {
  const [first = "", ...others] = redisUsers[name].grants.map(rulesOf);
  return [...first.split(" "), ...others.map((rules) => `(${rules})`)];
}

/**
 * An ACL file of Redis (`aclfile`): every service's user, and `admin`.
 * @param passwordOf a user's password rule, in the language of ACLs: `>password`, or `#` and the SHA-256 of one in
 * hexadecimal
 */
export function aclFile(passwordOf: (name: RedisUserName | typeof ADMIN) => string): string {
  const names = Object.keys(redisUsers) as RedisUserName[];
  const users = names.map((name) => ["user", name, "on", passwordOf(name), ...accessRules(name)].join(" "));
  return [DEFAULT_USER, ...users, `user ${ADMIN} on ${passwordOf(ADMIN)} ${ADMIN_RULES}`, ""].join("\n");
}
