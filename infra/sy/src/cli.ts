import { ConfigError, UnusableRedisError } from "@switchyard/runtime";
import { commandNamed, commands } from "./commands.ts";
import { type Environment, readSyConfig } from "./config.ts";
import { type ExitCode, exitCodes, OperatorError, UsageError } from "./exit-code.ts";
import { type Operator, openOperator } from "./operator.ts";
import { helpOf, readCall } from "./program.ts";

/** Where answers and everything else go: the terminal's two outputs, or a test. */
export interface Outputs {
  readonly answer: (text: string) => void;
  readonly aside: (text: string) => void;
}

/** Carries one call out. Never throws: every fault is printed, and the exit code shows its kind. */
export async function runCli(args: readonly string[], environment: Environment, outputs: Outputs): Promise<ExitCode> {
  const json = args.includes("--json");
  let operator: Promise<Operator> | undefined;
  try {
    const line = commandLine(args);
    const { name } = commandNamed(line[0] ?? "");
    const call = readCall(commands, line);
    if (!call) {
      outputs.answer(helpOf(commands, name));
      return exitCodes.fine;
    }
    const { command, operands, flags } = call;
    const user = command.changes?.(flags, operands) ? "operator" : "observer";
    const open = () => {
      operator ??= openOperator(readSyConfig(environment, user), flags.text("master"));
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

const WANTED_USERS = "sy needs Redis's user `observer` to read, and `operator` to change something";

/** `sy` alone is `sy help`; "--json" may stand before the command too. */
function commandLine(args: readonly string[]): string[] {
  const [name = "help", ...rest] = args.filter((arg, i) => i > 0 || arg !== "--json");
  return [name === "--help" ? "help" : name, ...rest];
}

function failureOf(error: unknown, lost: boolean): { code: ExitCode; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError || error instanceof ConfigError) return { code: exitCodes.usage, message };
  if (error instanceof UnusableRedisError) return { code: exitCodes.redis, message };
  if (error instanceof OperatorError) return { code: exitCodes.problem, message };
  if (message.startsWith("NOPERM")) return { code: exitCodes.redis, message: `${message} (${WANTED_USERS})` };
  if (lost) return { code: exitCodes.redis, message: `Redis went away (${message}).` };
  return { code: exitCodes.problem, message };
}

/** Whether the connection to Redis was lost on the way. */
async function isLost(operator: Promise<Operator> | undefined): Promise<boolean> {
  const opened = await operator?.catch(() => undefined);
  return opened !== undefined && opened.connection.redis.status !== "ready";
}
