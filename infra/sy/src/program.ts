import { CommanderError, Command as Program } from "commander";
import { type Command, commonOptions, Flags, optionsOf } from "./command.ts";
import { exitMeanings, UsageError } from "./exit-code.ts";

const wrongOperands = ["commander.missingArgument", "commander.excessArguments"];
const whereRedisIs =
  "REDIS_URL names a Redis server, servers of a Redis Cluster, or sentinels, separated by commas. Without it, sy uses " +
  "the Redis of `npm start` on this machine.";

/** One call of `sy`, as it was typed. */
export interface Typed {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly flags: Flags;
}

/** The help of a command, or without a name that of `sy`. */
export function helpOf(commands: readonly Command[], name?: string): string {
  let text = "";
  const program = programOf(commands, () => {});
  const described = program.commands.find((one) => one.name() === name) ?? program;
  described.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  described.outputHelp();
  return text.trimEnd();
}

/**
 * The call that these arguments make; `undefined` if they ask for the help of the command that they begin with.
 * @throws UsageError
 */
export function readCall(commands: readonly Command[], args: readonly string[]): Typed | undefined {
  let typed: Typed | undefined;
  try {
    programOf(commands, (call) => {
      typed = call;
    }).parse(idsLast(args), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const command = commands.find(({ name }) => name === args[0]);
    if (command && wrongOperands.includes(error.code)) {
      if (args.includes("--help")) return undefined;
      throw new UsageError(`it is called as: sy ${callOf(command)}`);
    }
    throw new UsageError(error.message.replace(/^error: (.)/, (_, first: string) => first.toUpperCase()));
  }
  if (typed?.flags.has("help")) return undefined;
  if (typed?.operands.includes("")) throw new UsageError(`it is called as: sy ${callOf(typed.command)}`);
  return typed;
}

function programOf(commands: readonly Command[], called: (typed: Typed) => void): Program {
  const codes = exitMeanings.map(({ code, says }) => `${code} ${says}`).join("; ");
  const program = new Program("sy")
    .description("sy looks after a Switchyard cluster.")
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .enablePositionalOptions() // or "--", and a session id behind it, would not reach the command
    .helpCommand(false)
    .helpOption("--help", commonOptions["help"]?.description)
    .addHelpText("after", `\nAll commands take --json and --help.\n${whereRedisIs}\nExit codes: ${codes}.`);
  for (const command of commands) addCommand(program, command, called);
  return program;
}

function addCommand(program: Program, command: Command, called: (typed: Typed) => void): void {
  const examples = command.examples.map(({ call, description }) => `  ${call}\n      ${description}`);
  const added = program
    .command(command.name)
    .summary(command.summary)
    .description(`${command.summary}\n\n${command.more}`)
    .helpOption(false) // commander's own would win over an unknown option
    .addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
  for (const operand of command.operands) added.argument(operand.replace("[<", "[").replace(">]", "]"));
  const options = optionsOf(command);
  for (const [name, { value, description }] of Object.entries(options)) {
    if (value === undefined) added.option(`--${name}`, description);
    else
      added.option(`--${name} <${value}>`, description, (text: string) => givenValue(name, text, Object.keys(options)));
  }
  added.action(() => called({ command, operands: added.args, flags: new Flags(added.opts()) }));
}

function callOf({ name, operands }: Command): string {
  return [name, ...operands].join(" ");
}

/** An option behind an option is a value that was forgotten. */
function givenValue(name: string, text: string, options: readonly string[]): string {
  const isOption = options.some((one) => text === `--${one}` || text.startsWith(`--${one}=`));
  if (isOption) throw new UsageError(`--${name} needs a value`);
  return text;
}

/** The id of a session may begin with "-", or with "--": behind "--" it is not taken for an option. */
function idsLast(args: readonly string[]): string[] {
  const ids = args.filter((arg) => /^-[\w-]{19}$/.test(arg));
  return ids.length === 0 ? [...args] : [...args.filter((arg) => !ids.includes(arg)), "--", ...ids];
}
