import { type Command, commonOptions, type Option } from "./command.ts";
import { exitMeanings } from "./exit-code.ts";
import { facts } from "./table.ts";

const COLUMNS = 110;
const whereRedisIs =
  "REDIS_URL says where Redis is: a server, servers of a cluster, or sentinels, with commas between them; without it, what " +
  "`npm start` runs here is meant.";

/** Everything that there is, a line each. */
export function overviewOf(commands: readonly Command[]): string {
  const codes = exitMeanings.map(({ code, says }) => `${code} ${says}`).join("; ");
  return [
    "sy looks after a Switchyard cluster.",
    facts(commands.map((command) => [`  ${callOf(command)}`, command.summary])),
    wrapped(`Each takes --json and --help; \`sy help <command>\` says more. ${whereRedisIs}`),
    wrapped(`Exit codes: ${codes}.`),
  ].join("\n\n");
}

/** How a command is called, and what its answer means. */
export function usageOf(command: Command): string {
  const { summary, more, options, examples } = command;
  return [
    `sy ${callOf(command)} [options]`,
    summary,
    wrapped(more),
    `Options\n${optionList({ ...options, ...commonOptions })}`,
    `Examples\n${examples.map(({ call, description: purpose }) => `  ${call}\n      ${purpose}`).join("\n")}`,
  ].join("\n\n");
}

function callOf({ name, operands }: Command): string {
  return [name, ...operands].join(" ");
}

function optionList(options: Readonly<Record<string, Option>>): string {
  return facts(
    Object.entries(options).map(([name, { value, description }]) => [
      `  --${name}${value === undefined ? "" : ` <${value}>`}`,
      description,
    ]),
  );
}

/** In lines that fit into a terminal. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
