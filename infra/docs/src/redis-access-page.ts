import { ADMIN, ADMIN_RULES, aclFile, type Grant, type RedisUser, redisUsers } from "@switchyard/store/access";
import { code, page, table } from "./markdown.ts";

const intro = `\
# Users of Redis

Generated from the code by \`pnpm run docs\`; don't edit it here. The rules stand in \`packages/store/src/access\`, and the tests' services
connect as these users: what they lack, a test would miss.

Who connects to Redis is one of these, with a password in \`REDIS_URL\` or \`REDIS_PASSWORD\`, and may do what is listed and nothing else:
nobody can empty Redis, list all keys at once, or change its configuration. The user \`default\`, which needs no password, is off:
nobody can be it. (It has all rights, since Redis reads its append-only file in as this user, and refuses itself what it may not do.)
Each row stands for itself (a selector, in Redis's words): its commands are allowed with its keys and channels only. What is marked
"read" is for looking only. Scripts have the rights of their caller.

[users.acl](users.acl) holds the same rules as Redis takes them (\`aclfile\`). Put the SHA-256 of each password in its place:
\`printf %s "$password" | sha256sum\`. Docker Compose and \`npm start\` make such a file by themselves, with random passwords.
After an upgrade that changes the rules, before the services are started again: \`redis-cli ACL LOAD\`.`;

const others = `\
## Besides

- **Maintenance** of Redis itself (\`CONFIG\`, \`BGREWRITEAOF\`, \`CLIENT LIST\`, \`SHUTDOWN\`) needs the user ${code(ADMIN)}, who may do
  everything (${code(ADMIN_RULES)}) and whom no service knows. Under Docker Compose only Redis's own container has its password:
  \`docker compose exec redis redis-cli …\`. With \`npm start\` it is the user in \`.run/state.json\`.
- **Replicas** of Sentinel or a Redis Cluster need a user for \`masteruser\` that may \`+psync +replconf +ping\`, and
  **sentinels** one for \`auth-user\` that may do what [Redis's documentation][sentinel] lists.
- **Who was refused what** is in \`ACL LOG\`, which \`operator\` may read: it is empty as long as nobody tries what is not theirs.

[sentinel]: https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#redis-access-control-list-authentication`;

/** `docs/redis-access.md`, from the rules themselves. */
export function redisAccessPage(): string {
  return page(intro, ...Object.values<RedisUser>(redisUsers).map(section), others);
}

/** `docs/users.acl`, the same for Redis, which takes no comments in it. */
export function aclTemplate(): string {
  return aclFile((name) => `#<SHA-256-of-the-password-of-${name}>`);
}

function section({ name, who, grants }: RedisUser): string {
  return `## ${code(name)}\n\n${who}\n\n${table(["for", "commands", "keys", "channels"], grants.map(row))}`;
}

function row({ for: purpose, commands, keys = [], reads = [], channels = [] }: Grant): string[] {
  const places = [...keys.map(code), ...reads.map((pattern) => `${code(pattern)} (read)`)];
  return [purpose, commands.map(code).join(" "), places.join(" "), channels.map(code).join(" ")];
}
