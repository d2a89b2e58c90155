import {
  ADMIN,
  ADMIN_RULES,
  aclFile,
  createEmitter,
  type Grant,
  type RedisUser,
  redisUsers,
} from "@switchyard/store/access";
import { code, page, table } from "./markdown.ts";

const intro = `\
# Users of Redis

Generated from the code by \`pnpm run docs\`; don't edit it here. The rules are in \`packages/store/src/access\`. The
services in the tests connect as these users, so a missing right fails a test.

Every process connects to Redis as one of these users, with the password in \`REDIS_URL\` or \`REDIS_PASSWORD\`, and has the
listed rights only: none of them can empty Redis, list all keys at once, or change its configuration. The user
\`default\`, which needs no password, is off: no client can log in as this user. (It has all rights, since Redis replays
its append-only file as this user, and would refuse commands that the user may not run.) Each row is a selector of its
own, in Redis's terms: its commands are allowed with its keys and channels only. Keys marked "read" can't be written.
Scripts have the rights of their caller.

[users.acl](users.acl) holds the same rules in Redis's own format (\`aclfile\`). Insert the SHA-256 of each password:
\`printf %s "$password" | sha256sum\`. Docker Compose and \`npm start\` generate such a file, with random passwords. After
an upgrade that changes the rules, before the services are started again: \`redis-cli ACL LOAD\`.`;

const others = `\
## Besides

- **Maintenance** of Redis itself (\`CONFIG\`, \`BGREWRITEAOF\`, \`CLIENT LIST\`, \`SHUTDOWN\`) needs the user ${code(ADMIN)},
  which may do everything (${code(ADMIN_RULES)}) and whose password no service has. Under Docker Compose only Redis's
  own container has its password: \`docker compose exec redis redis-cli …\`. With \`npm start\` it is the user in
  \`.run/state.json\`.
- **Emitters** of Socket.IO ([Back ends](backends.md#best-effort-with-socketios-own-ways)) need a user that you create:
  \`${createEmitter}\`. It may publish on the channel for clients, and do nothing else.
- **Replicas** of Sentinel or a Redis Cluster need a user for \`masteruser\` that may \`+psync +replconf +ping\`, and
  **sentinels** one for \`auth-user\` that may do what [Redis's documentation][sentinel] lists.
- **Accounts** (hashes of passwords) are read by nodes only, and by ${code(ADMIN)}. The secret that nodes share if no
  \`JWT_SECRET\` is set is written by nodes only; \`operator\` may read it, to sign a token with \`sy token\`.
- **Refused commands** are in \`ACL LOG\`, which \`observer\` and \`operator\` may read: it is empty as long as no user exceeds its rights.

[sentinel]: https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#redis-access-control-list-authentication`;

/** `docs/redis-access.md`, from the rules themselves. */
export function redisAccessPage(): string {
  return page(intro, ...Object.values<RedisUser>(redisUsers).map(section), others);
}

/** `docs/users.acl`, the same in Redis's format, which allows no comments. */
export function aclTemplate(): string {
  return aclFile((name) => `#<SHA-256-of-the-password-of-${name}>`);
}

function section({ name, who, grants }: RedisUser): string {
  return `## ${code(name)}\n\n${who}\n\n${table(["for", "commands", "keys", "channels"], grants.map(row))}`;
}

function row({ for: purpose, commands, keys = [], reads = [], writes = [], channels = [] }: Grant): string[] {
  const places = [
    ...keys.map(code),
    ...reads.map((pattern) => `${code(pattern)} (read)`),
    ...writes.map((pattern) => `${code(pattern)} (write)`),
  ];
  return [purpose, commands.map(code).join(" "), places.join(" "), channels.map(code).join(" ")];
}
