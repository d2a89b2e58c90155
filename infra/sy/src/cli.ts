import { parseArgs } from "node:util";
import { ConfigError, UnusableRedisError } from "@switchyard/runtime";
import { commonOptions, Flags, type Option } from "./command.ts";
import { commandNamed, unknownCommand } from "./commands.ts";
import { type Environment, readSyConfig } from "./config.ts";
import { type ExitCode, exitCodes, OperatorError, UsageError } from "./exit-code.ts";
import { type Operator, openOperator } from "./operator.ts";
import { usageOf } from "./usage.ts";

/** Where answers and everything else go: the terminal's two outputs, or a test. */
export interface Outputs {
  readonly answer: (text: string) => void;
  readonly aside: (text: string) => void;
}

/** Carries one call out. Never throws: everything that goes wrong is said, and told by the exit code. */
export async function runCli(args: readonly string[], environment: Environment, outputs: Outputs): Promise<ExitCode> {
  const json = args.includes("--json");
  let operator: Promise<Operator> | undefined;
  try {
    const { command, operands, flags } = understand(args);
    if (flags.has("help")) {
      outputs.answer(usageOf(command));
      return exitCodes.fine;
    }
    const open = () => {
      operator ??= openOperator(readSyConfig(environment), flags.text("master"));
      return operator;
    };
    const report = await command.run({ operands, flags, json, environment, open, report: outputs.aside });
    outputs.answer(json ? JSON.stringify(report.document, null, 2) : report.text);
    return report.code ?? exitCodes.fine;
  } catch (error) {
    const { code, message } = failureOf(error, await isLost(operator));
    if (json) outputs.answer(JSON.stringify({ error: message }, null, 2));
    else outputs.aside(`sy: ${message}`);
    return code;
  } finally {
    (await operator?.catch(() => undefined))?.connection.close();
  }
}

function understand(args: readonly string[]) {
  const [name = "help", ...rest] = args.filter((arg, i) => i > 0 || arg !== "--json");
  const command = commandNamed(name === "--help" ? "help" : name);
  if (!command) throw unknownCommand(name);
  const options = { ...commonOptions, ...command.options };
  const { values, positionals } = parse(rest, options);
  const flags = new Flags(values);
  const [least, most] = [command.operands.filter((one) => !one.startsWith("[")).length, command.operands.length];
  const isComplete = positionals.length >= least && positionals.length <= most && !positionals.includes("");
  if (!flags.has("help") && !isComplete) {
    throw new UsageError(`it is called as: sy ${[command.name, ...command.operands].join(" ")}`);
  }
  return { command, operands: positionals, flags };
}

function parse(args: readonly string[], options: Readonly<Record<string, Option>>) {
  const described = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" } as const] as const,
  );
  try {
    return parseArgs({ args: idsLast(args, options), options: Object.fromEntries(described), allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The id of a session may begin with "-", or with "--": behind "--" it is not taken for an option. */
function idsLast(args: readonly string[], options: Readonly<Record<string, Option>>): string[] {
  const ids = args.filter((arg) => /^-[\w-]{19}$/.test(arg) && !(arg.slice(2) in options));
  return ids.length === 0 ? [...args] : [...args.filter((arg) => !ids.includes(arg)), "--", ...ids];
}

function failureOf(error: unknown, lost: boolean): { code: ExitCode; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError || error instanceof ConfigError) return { code: exitCodes.usage, message };
  if (error instanceof UnusableRedisError) return { code: exitCodes.redis, message };
  if (error instanceof OperatorError) return { code: exitCodes.problem, message };
  if (lost) return { code: exitCodes.redis, message: `Redis went away (${message}).` };
  return { code: exitCodes.problem, message };
}

/** Whether the connection to Redis was lost on the way. */
async function isLost(operator: Promise<Operator> | undefined): Promise<boolean> {
  const opened = await operator?.catch(() => undefined);
  return opened !== undefined && opened.connection.redis.status !== "ready";
}
