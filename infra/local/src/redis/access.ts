import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { type ADMIN, aclFile, type RedisUserName } from "@switchyard/store/access";

/** The logins that Redis accepts: a service, or the administrator. */
export type RedisLogin = RedisUserName | typeof ADMIN;

/** Only its owner may read it: it holds the passwords. */
const OWNER_ONLY = 0o600;

/**
 * Gives the private Redis its users, with passwords that are new at each start: other users of this machine reach its port too.
 * @param file Redis's `aclfile`, written anew
 * @returns a user's password
 */
export function writeAccess(file: string): (user: RedisLogin) => string {
  const passwords = new Map<RedisLogin, string>();
  const passwordOf = (user: RedisLogin) => {
    const password = passwords.get(user) ?? randomBytes(24).toString("hex");
    passwords.set(user, password);
    return password;
  };
  rmSync(file, { force: true });
  writeFileSync(
    file,
    aclFile((user) => `>${passwordOf(user)}`),
    { mode: OWNER_ONLY },
  );
  return passwordOf;
}
