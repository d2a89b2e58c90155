import { type Command, commonOptions, type Option } from "../../sy/src/command.ts";
import { rules } from "../../sy/src/commands/doctor.ts";
import { commands } from "../../sy/src/commands.ts"; // the operators' own program, no package for others
import { exitMeanings } from "../../sy/src/exit-code.ts";
import { code, page, table } from "./markdown.ts";

const intro = `\
# The command \`sy\`

Generated from the command's own help (\`sy help <command>\`) by \`pnpm run docs\`; don't edit it here.

\`sy\` is the operators' command: it reads the cluster's state in Redis, repairs it, and sends orders to nodes. It is not
part of the cluster, and can be called at any time, from any machine that reaches Redis:

\`\`\`sh
docker compose run --rm sy status         # with Compose: in a container of its own, since no node has its passwords
pnpm sy status                            # from a clone: for the cluster of \`npm start\`, or the one that REDIS_URL names
\`\`\`

\`REDIS_URL\` names a server, servers of a Redis Cluster, or sentinels, with commas between them, as for the services.
With \`npm start\` and Compose \`sy\` is the user of Redis that a command needs: \`observer\`, which changes nothing, or for
\`drain\`, \`kick\`, \`close\`, \`token\` and \`doctor --repair\` the user \`operator\` ([users](redis-access.md)). Elsewhere
\`REDIS_PASSWORDS_DIR\` names the directory with their passwords; without one, \`REDIS_USERNAME\` is used for all.
\`sy token\` and \`sy config\` are about the settings of a node: with Compose \`docker compose exec signaling sy config\`.

Some commands do the work of a node or a matchmaker, by the same settings, so \`sy\` should have the same environment.
[operations.md](operations.md) says which command helps when.`;

const scripts = `\
Every command prints to its standard output: text for people, which may change, or with \`--json\` one document, whose
fields are stable. Times in it are Unix time in ms, or durations in ms; sizes are bytes. Errors go to the standard
error, or with \`--json\` to the document's \`error\`. Neither contains secrets or passwords of Redis.`;

/** `docs/sy.md`, from the commands' own descriptions. */
export function syPage(): string {
  const codes = exitMeanings.map((one) => [code(String(one.code)), one.says]);
  return page(
    intro,
    table(
      ["command", ""],
      commands.map((command) => [`[${code(callOf(command))}](#${anchorOf(command)})`, command.summary]),
    ),
    "## For scripts",
    scripts,
    table(["ends with", "when"], codes),
    "## Options of every command",
    "`--master` is an option of those commands only that read Redis.",
    optionTable(commonOptions),
    ...commands.flatMap(sectionOf),
    "## Checks of `sy doctor`",
    table(
      ["check", "what must hold"],
      rules.map(({ name, rule }) => [code(name), rule]),
    ),
  );
}

function sectionOf(command: Command): string[] {
  const { summary, more, options, examples } = command;
  const width = Math.max(...examples.map(({ call }) => call.length));
  const calls = examples.map(({ call, description: purpose }) => `${call.padEnd(width)}   # ${purpose}`);
  return [
    `## ${code(callOf(command))}`,
    summary,
    more,
    ...(Object.keys(options).length > 0 ? [optionTable(options)] : []),
    ["```sh", ...calls, "```"].join("\n"),
  ];
}

function optionTable(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, { value, description }]) => [
    code(`--${name}${value === undefined ? "" : ` <${value}>`}`),
    description,
  ]);
  return table(["option", ""], rows);
}

function callOf({ name, operands }: Command): string {
  return ["sy", name, ...operands].join(" ");
}

/** As GitHub makes it of the heading. */
function anchorOf(command: Command): string {
  return callOf(command)
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}
