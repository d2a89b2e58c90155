import { createHash } from "node:crypto";
import { join } from "node:path";
import { ADMIN, aclFile, type RedisUserName } from "@switchyard/store/access";
import { keepSecret, writeWhole } from "./kept-secret.ts";

export interface RedisAccessPlaces {
  /** Where nodes, and `sy` beside them, find `redis_signaling` and `redis_operator`. */
  readonly nodes: string;
  /** Where matchmakers find `redis_matchmaker`. */
  readonly matchmakers: string;
  /** The directory in which Redis finds `users.acl`, and its maintainer `admin`. No other container can read it. */
  readonly redis: string;
}

/**
 * Creates Redis's users. Each has a random password, which is kept for later starts, and which only the processes that
 * connect as that user can read. Redis has its SHA-256.
 * @returns a sentence, fit for a log
 */
export function provideRedisAccess({ nodes, matchmakers, redis }: RedisAccessPlaces): string {
  const files: Readonly<Record<RedisUserName, string>> = {
    signaling: join(nodes, "redis_signaling"),
    matchmaker: join(matchmakers, "redis_matchmaker"),
    operator: join(nodes, "redis_operator"),
  };
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
