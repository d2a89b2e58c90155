import { type Command, commonOptions, type Option } from "../../sy/src/command.ts";
import { rules } from "../../sy/src/commands/doctor.ts";
import { commands } from "../../sy/src/commands.ts"; // the operators' own program, no package for others
import { exitMeanings } from "../../sy/src/exit-code.ts";
import { code, page, table } from "./markdown.ts";

const intro = `\
# The command \`sy\`

Generated from the command's own help (\`sy help <command>\`) by \`pnpm run docs\`; don't edit it here.

\`sy\` looks after a cluster: it reads what is in Redis, puts right what is wrong there, and asks nodes to do something. It takes no part
in the cluster, and can be called at any time, from any machine that reaches Redis:

\`\`\`sh
docker compose exec signaling sy status   # with Compose; the settings are those of that container
pnpm sy status                            # from a clone: what \`npm start\` runs here, or what REDIS_URL names
\`\`\`

\`REDIS_URL\` names a server, servers of a Redis Cluster, or sentinels, with commas between them, as for the services. What \`sy\` does in
the place of a node or a matchmaker it does by the same settings, so it should see the same environment. What to do when is in
[operations.md](operations.md).`;

const scripts = `\
Every command answers on its standard output: a text for people, which may change, or with \`--json\` one document, whose fields stay what
they are. Times in it are Unix time in ms, or spans in ms; sizes are bytes. What goes wrong is said on the standard error, or with
\`--json\` in the document's \`error\`. Secrets, and passwords of Redis, are in neither.`;

/** `docs/sy.md`, from what the commands say of themselves. */
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
    optionTable(commonOptions),
    ...commands.flatMap(sectionOf),
    "## What `sy doctor` checks",
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
