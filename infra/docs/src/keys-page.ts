import { JOBS_PREFIX, keys } from "@switchyard/store";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { code, page, table } from "./markdown.ts";

/** Commands to run first, and the meaning of their output. */
const firstLooks: readonly (readonly [command: string, meaning: string])[] = [
  [`ZRANGE '${keys.leases()}' 0 -1 WITHSCORES`, "the nodes and the ends of their leases; compare with: rc TIME"],
  [`HLEN '${keys.presenceSessions("random")}'`, "number of sessions connected"],
  [`ZCARD '${keys.queueWaiting("chat")}'`, "number of waiting sessions"],
  [`GET '${keys.queueLeader("chat")}'`, "the matchmaker that pairs them"],
  [`XLEN '${keys.queueAssignments("chat")}'`, "pairings not yet carried out: 0, or 0 soon"],
  [`--scan --pattern '${keys.session("*")}' | head`, "some sessions"],
  [`HGETALL '${keys.session("<session>")}'`, "one session; its id is the client's socket.id"],
];
const width = Math.max(...firstLooks.map(([command]) => command.length));
const commands = firstLooks.map(([command, meaning]) => `rc ${command.padEnd(width)}  # ${meaning}`).join("\n");

const intro = `\
# Keys in Redis

Generated from the code by \`pnpm run docs\`; don't edit it here. \`packages/store/src/keys.ts\` makes the names,
\`packages/store/src/key-table.ts\` has the meanings, and the scripts in \`packages/store/lua\` change the state.

The part between \`{\` and \`}\` is a hash tag: all keys of one aggregate are in one slot of a Redis Cluster, so one script
can change them together. Ids that clients choose (users) and room ids are percent-encoded in a key's name. Times are
Unix milliseconds of Redis's own clock. Channels are sharded pub/sub channels; they hold nothing.

[The command \`sy\`](sy.md) prints most of this in words. The aliases below connect \`redis-cli\` to the private Redis of
\`npm start\`, whose address is in \`.run/state.json\`, or to the one of Compose. Elsewhere connect as the user \`observer\`
([users](redis-access.md)), which may run every command on this page but those for accounts and secrets: these need \`admin\`:

\`\`\`sh
alias rc="redis-cli -u $(node -p 'JSON.parse(require("fs").readFileSync(".run/state.json")).redis.url')"
alias rc="docker compose exec redis redis-cli"
\`\`\`

At three in the morning:

\`\`\`sh
${commands}
\`\`\`

\`node -p 'encodeURIComponent("anna@example.org")'\` encodes an id that a client chose. \`rc PTTL '<key>'\` prints a key's
remaining lifetime in ms (-1: no TTL, -2: no such key), \`rc MEMORY USAGE '<key>'\` its size in bytes, and
\`date -d @$((ms / 1000))\` converts a time in milliseconds.

The commands on this page are safe at any time: they only read, and long values only in part. Don't write: state that
belongs together spans several keys, and only the scripts change it atomically.`;

const jobs = `\
## BullMQ

\`${JOBS_PREFIX}:…\` belongs to BullMQ: the queue \`sweep\` with the recurring job \`nodes\`, which clears up after dead
nodes. Matchmakers write it; each second one of them runs the job. The format is BullMQ's own. To follow the job:

\`\`\`sh
rc XREVRANGE '${JOBS_PREFIX}:sweep:events' + - COUNT 10
\`\`\``;

interface Described extends KeyDescription {
  readonly name: keyof typeof keys;
  readonly pattern: string;
}

/** `docs/keys.md`, from the functions that make the keys' names and the table that describes them. */
export function keysPage(): string {
  const described = Object.entries<KeyDescription>(keyTable).map(([name, entry]): Described => {
    const key = name as keyof typeof keys;
    return { ...entry, name: key, pattern: patternOf(key, entry.ids) };
  });
  const summary = described.map(({ pattern, type, holds }) => [code(pattern), type, firstSentence(holds)]);
  return page(
    intro,
    "## All keys",
    table(["key", "type", "holds"], summary),
    "## Each key",
    ...described.map(section),
    jobs,
  );
}

/** The name that the key's own function makes of placeholders. */
function patternOf(name: keyof typeof keys, ids: readonly string[]): string {
  const make = keys[name] as (...ids: readonly string[]) => string;
  return decodeURIComponent(make(...ids));
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/[.:]$/, "") ?? text;
}

function section(key: Described): string {
  const { pattern, type, holds, fields, until, writers, scripts, read, sy } = key;
  const facts = [
    `- **Type:** ${type}`,
    `- **Lifetime:** ${until}`,
    `- **Written by:** ${writers}${scripts.length > 0 ? ` Scripts: ${scripts.map(code).join(", ")}.` : ""}`,
    `- **Read it:** ${code(`rc ${read.replace("KEY", `'${pattern}'`)}`)}${sy === undefined ? "" : `, or ${code(sy)}`}`,
  ];
  const rows = Object.entries(fields ?? {}).map(([field, meaning]) => [code(field), meaning]);
  const listed = rows.length > 0 ? `\n\n${table(["field", "meaning"], rows)}` : "";
  return `### ${code(pattern)}\n\n${holds}\n\n${facts.join("\n")}${listed}`;
}
