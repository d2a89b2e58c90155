import { accessRules, type RedisUserName, redisUsers } from "@switchyard/store/access";

/** The users that services connect as; `default` may do everything, and is the test's own. */
const names = Object.keys(redisUsers) as RedisUserName[];

const passwordOf = (name: RedisUserName) => `password-of-${name}`;

/** Arguments of `redis-server` by which it has all users. */
export function userFlags(): string[] {
  return names.flatMap((name) => ["--user", name, "on", `>${passwordOf(name)}`, ...accessRules(name)]);
}

/** The same servers (commas between them), connected to as one of the users, unless the URL says already who connects. */
export function asUser(urls: string, name: RedisUserName): string {
  return urls.replaceAll(/(rediss?:\/\/)(?=[^@,/]*(?:[,/]|$))/g, `$1${name}:${passwordOf(name)}@`);
}
