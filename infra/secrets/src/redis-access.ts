import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ADMIN, aclFile, type RedisUserName } from "@switchyard/store/access";
import { keepSecret, writeWhole } from "./kept-secret.ts";

export interface RedisAccessPlaces {
  /** Where nodes find `redis_signaling`. */
  readonly nodes: string;
  /** Where matchmakers find `redis_matchmaker`. */
  readonly matchmakers: string;
  /** Where `sy` finds `redis_observer` and `redis_operator`. No node or matchmaker can read it. */
  readonly operators: string;
  /** The directory in which Redis finds `users.acl`, and its maintainer `admin`. No other container can read it. */
  readonly redis: string;
}

/**
 * Creates Redis's users. Each has a random password, which is kept for later starts, and which only the processes that
 * connect as that user can read. Redis has its SHA-256.
 * @returns a sentence, fit for a log
 */
export function provideRedisAccess({ nodes, matchmakers, operators, redis }: RedisAccessPlaces): string {
  const files: Readonly<Record<RedisUserName, string>> = {
    signaling: join(nodes, "redis_signaling"),
    matchmaker: join(matchmakers, "redis_matchmaker"),
    observer: join(operators, "redis_observer"),
    operator: join(operators, "redis_operator"),
  };
  rmSync(join(nodes, "redis_operator"), { force: true }); // an older version put it there: that password ends with it
  const { value: administrators, origin } = keepSecret(join(redis, ADMIN), undefined, 0o444);
  const users = aclFile((name) => hashOf(name === ADMIN ? administrators : keepSecret(files[name], undefined).value));
  writeWhole(join(redis, "users.acl"), users, 0o444);
  const passwords =
    origin === "made"
      ? "random passwords, which stay in volumes, for later starts"
      : "the passwords made at an earlier start";
  return `Redis's users have ${passwords}.`;
}

/** As an ACL file takes it. */
function hashOf(password: string): string {
  return `#${createHash("sha256").update(password).digest("hex")}`;
}
