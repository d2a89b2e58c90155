import { createHash } from "node:crypto";
import { join } from "node:path";
import { ADMIN, aclFile, type RedisUserName } from "@switchyard/store/access";
import { keepSecret, writeWhole } from "./kept-secret.ts";

export interface RedisAccessPlaces {
  /** Where nodes, and `sy` beside them, find `redis_signaling` and `redis_operator`. */
  readonly nodes: string;
  /** Where matchmakers find `redis_matchmaker`. */
  readonly matchmakers: string;
  /** Where Redis finds `users.acl`, and whoever maintains it `admin`: nobody else can look there. */
  readonly redis: string;
}

/**
 * Gives Redis its users: each has a random password that is kept for later starts, and that only those get who connect as that user.
 * Redis knows their SHA-256.
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
