import { type Grant, type RedisUser, rulesOf } from "./access/grant.ts";
import * as grants from "./access/grants.ts";

export type { Grant, RedisUser };

/** Every user of Redis, with what it needs and no more. Whoever shows no password can do nothing. */
export const redisUsers = {
  signaling: {
    name: "signaling",
    who: "Signaling nodes.",
    grants: [
      ...[grants.state, grants.connection, grants.nodeChannels],
      ...[grants.limits, grants.accounts, grants.secrets],
    ],
  },
  matchmaker: {
    name: "matchmaker",
    who: "Matchmakers.",
    grants: [grants.state, grants.connection, grants.assignments, grants.jobs],
  },
  operator: {
    name: "operator",
    who: "`sy`, and whoever looks with `redis-cli`.",
    grants: [
      ...[grants.state, grants.connection, grants.nodeChannels, grants.secrets],
      ...[grants.inspection, grants.aclLog],
    ],
  },
} as const satisfies Record<string, RedisUser>;

export type RedisUserName = keyof typeof redisUsers;

/** Who maintains Redis itself. No service connects as this user. */
export const ADMIN = "admin";
export const ADMIN_RULES = "~* &* +@all";

/**
 * Nobody can be this user, since it is off. But Redis reads its append-only file in with its rights: with fewer, what scripts and
 * transactions wrote would be refused then, and lost.
 */
const DEFAULT_USER = `user default off ${ADMIN_RULES}`;

/**
 * A user's rules, one for each thing that it does: the first stands for itself, the others are selectors (Redis 7), so that what is
 * allowed with one kind of keys is not with another.
 */
export function accessRules(name: RedisUserName): string[] {
  const [first = "", ...others] = redisUsers[name].grants.map(rulesOf);
  return [...first.split(" "), ...others.map((rules) => `(${rules})`)];
}

/**
 * An ACL file of Redis (`aclfile`): every service's user, and `admin`.
 * @param passwordOf how a user shows itself, in the language of ACLs: `>password`, or `#` and the SHA-256 of one in hexadecimal
 */
export function aclFile(passwordOf: (name: RedisUserName | typeof ADMIN) => string): string {
  const names = Object.keys(redisUsers) as RedisUserName[];
  const users = names.map((name) => ["user", name, "on", passwordOf(name), ...accessRules(name)].join(" "));
  return [DEFAULT_USER, ...users, `user ${ADMIN} on ${passwordOf(ADMIN)} ${ADMIN_RULES}`, ""].join("\n");
}
