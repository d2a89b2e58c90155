import { mastersOf } from "@switchyard/store";
import { accessRules, type RedisUserName, redisUsers } from "@switchyard/store/access";
import type { Redis } from "ioredis";

/** The users that services connect as; `default` may do everything, and is the test's own. */
const names = Object.keys(redisUsers) as RedisUserName[];

/** The password of a user of the tests' Redis. */
export const passwordOf = (name: RedisUserName) => `password-of-${name}`;

/** Arguments of `redis-server` by which it has all users. */
export function userFlags(): string[] {
  return names.flatMap((name) => ["--user", name, "on", `>${passwordOf(name)}`, ...accessRules(name)]);
}

/** The same servers (commas between them), connected to as one of the users, unless the URL says already who connects. */
export function asUser(urls: string, name: RedisUserName): string {
  return urls.replaceAll(/(rediss?:\/\/)(?=[^@,/]*(?:[,/]|$))/g, `$1${name}:${passwordOf(name)}@`);
}

/**
 * Makes sure that Redis refused nobody anything: each service has the rights that it needs.
 * @throws Error naming the refused commands and the users
 */
export async function expectNoAclDenials(redis: Redis): Promise<void> {
  const logs = await Promise.all(mastersOf(redis).map((server) => server.call("ACL", "LOG") as Promise<unknown[]>));
  const log = logs.flat();
  if (log.length === 0) return;
  const denials = log.map(fieldsOf).map(({ username, reason, object, context }) => {
    return `${username}: ${reason} ${object} (${context})`;
  });
  throw new Error(`Redis refused what a service needs:\n${denials.join("\n")}`);
}

/** An entry, as RESP 2 (flat list) and RESP 3 (map) send it. */
function fieldsOf(entry: unknown): Record<string, unknown> {
  if (!Array.isArray(entry)) return entry as Record<string, unknown>;
  return Object.fromEntries(entry.flatMap((name, i) => (i % 2 === 0 ? [[String(name), entry[i + 1]]] : [])));
}
