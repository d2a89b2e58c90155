import { JOBS_PREFIX, keys } from "@switchyard/store";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { code, page, table } from "./markdown.ts";

/** What to look at first, and what it says. */
const firstLooks: readonly (readonly [command: string, meaning: string])[] = [
  [`ZRANGE '${keys.leases()}' 0 -1 WITHSCORES`, "which nodes are there, and until when; compare with: rc TIME"],
  [`HLEN '${keys.presenceSessions("random")}'`, "how many people are connected"],
  [`ZCARD '${keys.queueWaiting("chat")}'`, "how many wait"],
  [`GET '${keys.queueLeader("chat")}'`, "who pairs them"],
  [`XLEN '${keys.queueAssignments("chat")}'`, "pairings that are not carried out yet: 0, or soon"],
  [`--scan --pattern '${keys.session("*")}' | head`, "some sessions"],
  [`HGETALL '${keys.session("<session>")}'`, "one session; its id is the client's socket.id"],
];
const width = Math.max(...firstLooks.map(([command]) => command.length));
const commands = firstLooks.map(([command, meaning]) => `rc ${command.padEnd(width)}  # ${meaning}`).join("\n");

const intro = `\
# Keys in Redis

Generated from the code by \`pnpm run docs\`; don't edit it here. The names are made in \`packages/store/src/keys.ts\`, the meanings stand
in \`packages/store/src/key-table.ts\`, the state changes in \`packages/store/lua\`.

What stands between \`{\` and \`}\` is a hash tag: all keys of one aggregate are in one slot of a Redis Cluster, and one script decides for
all of it. Ids that clients choose (users) and room ids are percent-encoded in a key's name. Times are Unix milliseconds of Redis's
own clock. Channels are sharded pub/sub channels; they hold nothing.

Most of this [the command \`sy\`](sy.md) says in words. To look for yourself, the private Redis of \`npm start\`, whose address stands in
\`.run/state.json\`, and the one of Compose are reached so; elsewhere connect as the user \`operator\` ([users](redis-access.md)), who may run every
command on this page:

\`\`\`sh
alias rc="redis-cli -u $(node -p 'JSON.parse(require("fs").readFileSync(".run/state.json")).redis.url')"
alias rc="docker compose exec redis redis-cli"
\`\`\`

At three in the morning:

\`\`\`sh
${commands}
\`\`\`

A key that a client named is found by \`node -p 'encodeURIComponent("anna@example.org")'\`. \`rc PTTL '<key>'\` says how many ms it still has
(-1: it has no end of its own, -2: it is not there), \`rc MEMORY USAGE '<key>'\` how many bytes it takes, and \`date -d @$((ms / 1000))\` when a
time in milliseconds is.

Reading is safe at any time by the commands that are shown here; what can be long they ask for in part. Don't write: what belongs
together spans several keys, and only the scripts change it as one.`;

const jobs = `\
## BullMQ

\`${JOBS_PREFIX}:…\` belongs to BullMQ: the queue \`sweep\` with the recurring job \`nodes\`, which clears up after dead nodes. Matchmakers
write it, one of them carries the job out each second. Its format is BullMQ's own. To see what it does:

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
